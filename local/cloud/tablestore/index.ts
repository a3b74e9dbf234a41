import type { Kernel } from '../kernel/kernel.ts';
import type { Service } from '../kernel/service.ts';
import type { VendorError } from '../kernel/vendor-error.ts';
import type { WireRequest } from '../../http/wire.ts';
import type { Action } from './actions/action.ts';
import { batchGetRow } from './actions/batch-get-row.ts';
import { batchWriteRow } from './actions/batch-write-row.ts';
import { createTable } from './actions/create-table.ts';
import { deleteRow } from './actions/delete-row.ts';
import { deleteTable } from './actions/delete-table.ts';
import { describeTable } from './actions/describe-table.ts';
import { getRange } from './actions/get-range.ts';
import { getRow } from './actions/get-row.ts';
import { listTable } from './actions/list-table.ts';
import { putRow } from './actions/put-row.ts';
import { updateRow } from './actions/update-row.ts';
import { updateTable } from './actions/update-table.ts';
import { invalid, OtsError } from './errors.ts';
import { errorBytes, reply } from './reply.ts';
import { stateOf } from './state.ts';
import { Tables, type TableSpec } from './tables/tables.ts';
import { verify } from './verify.ts';

export type { TableSpec } from './tables/tables.ts';

const ACTIONS: ReadonlyMap<string, Action> = new Map([
  ['CreateTable', createTable],
  ['ListTable', listTable],
  ['DescribeTable', describeTable],
  ['UpdateTable', updateTable],
  ['DeleteTable', deleteTable],
  ['PutRow', putRow],
  ['GetRow', getRow],
  ['UpdateRow', updateRow],
  ['DeleteRow', deleteRow],
  ['BatchWriteRow', batchWriteRow],
  ['BatchGetRow', batchGetRow],
  ['GetRange', getRange],
]);

export interface Tablestore {
  readonly service: Service;
  /** Every table with its settings and its unexpired rows, as plain JSON. */
  state(): unknown;
  /**
   * Creates the table unless a table of that name exists, whatever its columns.
   *
   * @throws {OtsError} for a table that `CreateTable` would refuse
   */
  createTable(spec: TableSpec): void;
}

/** An emulated Tablestore instance: wide column model, API 2015-12-31, one version a column. */
export function createTablestore(kernel: Kernel): Tablestore {
  const tables = new Tables(kernel.clock);
  const errorReply = (error: VendorError) => reply(kernel, error.status, errorBytes(error));
  const actionOf = ({ path }: WireRequest) => (ACTIONS.has(path.slice(1)) ? path.slice(1) : '');

  const service: Service = {
    name: 'tablestore',
    actions: [...ACTIONS.keys()],
    actionOf,
    accessKeyOf: ({ headers }) => headers['x-ots-accesskeyid'],
    errorReply,
    throttled: { status: 503, code: 'OTSServerBusy', message: 'Server is busy.' },
    handle: (request) => Promise.resolve(handle(request)),
  };

  function handle(request: WireRequest) {
    let to: Parameters<typeof reply>[3];
    try {
      to = { credential: verify(kernel, request), path: request.path };
      const action = ACTIONS.get(actionOf(request));
      if (action === undefined) {
        throw invalid(`Unsupported operation: '${request.path.slice(1)}'.`);
      }
      return reply(kernel, 200, action(tables, request.body), to);
    } catch (error) {
      if (!(error instanceof OtsError)) throw error;
      return reply(kernel, error.vendor.status, errorBytes(error.vendor), to);
    }
  }

  return {
    service,
    state: () => stateOf(tables),
    createTable: (spec) => {
      if (!tables.has(spec.name)) tables.create(spec);
    },
  };
}

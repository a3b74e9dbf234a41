import type { Consumed } from 'tablestore/lib/protocol/tablestore_compiled_proto.js';

/** https://github.com/AlibabaCloudDocs/ots (API Reference, GetRow and PutRow: CU consumption) */
const UNIT_BYTES = 4096;

const units = (bytes: number): number => Math.max(1, Math.ceil(bytes / UNIT_BYTES));

/** A row that is not there costs one unit. */
export const consumedByRead = (bytes: number): Consumed => ({
  capacityUnit: { read: units(bytes), write: 0 },
});

/** A write that had to look at the row first costs one unit of reading. */
export const consumedByWrite = (bytes: number, looked: boolean): Consumed => ({
  capacityUnit: { read: looked ? 1 : 0, write: units(bytes) },
});

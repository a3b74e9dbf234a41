import type { Consumed } from 'tablestore/lib/protocol/tablestore_compiled_proto.js';

/** https://github.com/AlibabaCloudDocs/ots (API Reference, GetRow and PutRow: CU consumption) */
const UNIT_BYTES = 4096;

const units = (bytes: number): number => Math.max(1, Math.ceil(bytes / UNIT_BYTES));

/** Reading a row that does not exist costs one unit. */
export const consumedByRead = (bytes: number): Consumed => ({
  capacityUnit: { read: units(bytes), write: 0 },
});

/** A write with a condition also costs one read unit. */
export const consumedByWrite = (bytes: number, looked: boolean): Consumed => ({
  capacityUnit: { read: looked ? 1 : 0, write: units(bytes) },
});

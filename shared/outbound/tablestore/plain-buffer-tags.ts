/**
 * The tags of PlainBuffer, the format in which Tablestore writes rows:
 * https://www.alibabacloud.com/help/en/tablestore/developer-reference/plainbuffer
 */
export const HEADER = 0x75;

export const TAG = {
  rowKey: 0x01,
  rowData: 0x02,
  cell: 0x03,
  cellName: 0x04,
  cellValue: 0x05,
  cellTimestamp: 0x07,
  deleteRow: 0x08,
  rowChecksum: 0x09,
  cellChecksum: 0x0a,
} as const;

export const VALUE = { integer: 0x00, string: 0x03, infMin: 0x09, infMax: 0x0a } as const;

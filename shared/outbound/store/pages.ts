import type { RangePage } from '../tablestore/answers.ts';
import type { TablestoreClient } from '../tablestore/client.ts';
import type { RangeEnd, Row } from '../tablestore/model.ts';
import type { RangeRead } from '../tablestore/requests.ts';

/** Reads a range page by page. It reads the next page only when the caller asks for it. */
export async function* pagesOf(
  client: Pick<TablestoreClient, 'getRange'>,
  range: RangeRead,
): AsyncGenerator<readonly Row[]> {
  let start: RangeEnd | undefined = range.start;
  while (start !== undefined) {
    const page: RangePage = await client.getRange({ ...range, start });
    yield page.rows;
    start = page.next;
  }
}

/** The day in UTC, such as `2026-11-24`. Part of the key of tables that are read by day. */
export function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

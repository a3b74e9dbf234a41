import type { Readable } from 'node:stream';

/** One log line holds 32 KB: https://help.aliyun.com/zh/functioncompute/fc/product-overview/limits-of-usage */
const MAX_LINE_CHARS = 32 * 1024;

/**
 * Reads a child's output by lines, and reports the line that ends with `mark`. Everything that a call wrote
 * before it has been passed on by then.
 */
export function readLines(
  stream: Readable,
  mark: string,
  onLine: (line: string) => void,
): { nextMark(): Promise<void> } {
  let rest = '';
  let ended = false;
  let marks = 0;
  let waiting: (() => void) | undefined;

  const settle = () => {
    if (waiting === undefined || (marks === 0 && !ended)) return;
    if (marks > 0) marks -= 1;
    const resolve = waiting;
    waiting = undefined;
    resolve();
  };
  const take = (line: string) => {
    const marked = line.endsWith(mark);
    const text = marked ? line.slice(0, -mark.length) : line;
    // Output without a line end is on the same line as the mark.
    if (!marked || text !== '') onLine(text.slice(0, MAX_LINE_CHARS));
    if (marked) marks += 1;
  };
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    for (const line of lines) take(line);
    settle();
  });
  stream.on('close', () => {
    if (rest !== '') take(rest);
    ended = true;
    settle();
  });
  return {
    nextMark: () =>
      new Promise((resolve) => {
        waiting = resolve;
        settle();
      }),
  };
}

import { FUNCTIONS, type FunctionName } from './stage.ts';

/** One event for one function, and its time. */
export interface Input {
  readonly name: FunctionName;
  readonly atMs: number;
  readonly event: Buffer;
}

/** The input as a line that `--replay` can read. */
export function lineOf({ name, atMs, event }: Input): string {
  return `${name} ${atMs} ${event.toString('base64')}`;
}

/** Reads lines of `lineOf`. @throws {SyntaxError} with the number of a line that is not one */
export function inputsOf(text: string): Input[] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.flatMap((line, i) => {
    if (line === '') return [];
    const [, name, atMs, base64] = /^([a-z]+) ([0-9]+) ([A-Za-z0-9+/]*={0,2})$/.exec(line) ?? [];
    const known = FUNCTIONS.find((each) => each === name);
    if (known === undefined) {
      throw new SyntaxError(`Cannot read line ${i + 1}: not "<function> <milliseconds> <base64>"`);
    }
    return [{ name: known, atMs: Number(atMs), event: Buffer.from(base64!, 'base64') }];
  });
}

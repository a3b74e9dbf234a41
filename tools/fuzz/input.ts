import { FUNCTIONS, type FunctionName } from './stage.ts';

/** One event for one function, at its moment. */
export interface Input {
  readonly name: FunctionName;
  readonly atMs: number;
  readonly event: Buffer;
}

/** One line, that `--replay` reads. */
export function lineOf({ name, atMs, event }: Input): string {
  return `${name} ${atMs} ${event.toString('base64')}`;
}

/** @throws {SyntaxError} naming the line that is none of `lineOf` */
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

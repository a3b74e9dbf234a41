import { PassThrough } from 'node:stream';
import { test } from 'vitest';
import { readLines } from '../../../../local/cloud/fc/processes/line-reader.ts';

const MARK = '<end>';

function aReader() {
  const stream = new PassThrough();
  const lines: string[] = [];
  const told: number[] = [];
  const reader = readLines(stream, MARK, (line) => lines.push(line));
  const wait = (call: number) => void reader.nextMark().then(() => told.push(call));
  const write = async (bytes: string | Buffer) => {
    stream.write(bytes);
    await new Promise(setImmediate);
  };
  return { stream, lines, told, wait, write };
}

test('lines come whole, however they were cut on the way', async ({ expect }) => {
  const { lines, write } = aReader();
  const bytes = Buffer.from('one ü\ntwo\n');

  await write(bytes.subarray(0, 5));
  await write(bytes.subarray(5));

  expect(lines).toEqual(['one ü', 'two']);
});

test('each mark ends one call, and what stood before it was handed over', async ({ expect }) => {
  const { lines, told, wait, write } = aReader();

  wait(1);
  await write('first\nno end<e');
  expect(told).toEqual([]);
  await write('nd>\n');
  expect([lines, told]).toEqual([['first', 'no end'], [1]]);
  wait(2);
  await write('second\n');
  expect(told).toEqual([1]);
  await write('<end>\n');

  expect([lines, told]).toEqual([
    ['first', 'no end', 'second'],
    [1, 2],
  ]);
});

test('a mark that came before anybody waited is not lost', async ({ expect }) => {
  const { told, wait, write } = aReader();

  await write('<end>\n');
  wait(1);
  await new Promise(setImmediate);

  expect(told).toEqual([1]);
});

test('the end of the output ends the wait, and gives its last piece', async ({ expect }) => {
  const { stream, lines, told, wait, write } = aReader();

  wait(1);
  await write('cut');
  stream.destroy();
  await new Promise(setImmediate);

  expect([lines, told]).toEqual([['cut'], [1]]);
});

test('a line holds 32 KB', async ({ expect }) => {
  const { lines, write } = aReader();

  await write(`${'x'.repeat(40_000)}\n`);

  expect(lines[0]).toHaveLength(32_768);
});

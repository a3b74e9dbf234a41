import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { fetchHttp } from './api/http.ts';
import type { Io, Screen } from './io.ts';

/** For a file, or a terminal that does not tell its size: our own choice. */
const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;

/** This process, its terminal, its network. */
export function realIo(projectFolder: string): Io {
  const { env, stdin, stdout, stderr } = process;
  return {
    env,
    projectFolder,
    out: screenOf(stdout),
    err: screenOf(stderr),
    readInput: () => text(stdin),
    ask: stdin.isTTY === true && stderr.isTTY === true ? ask : undefined,
    http: fetchHttp,
    cloud: async (access) => (await import('./cloud/cloud-over-sdk.ts')).cloudOverSdk(access),
    operator: async (access) =>
      (await import('./operator/operator-over-wire.ts')).operatorOverWire(access),
    nowMs: () => Date.now(),
    pause: (ms) => pause(ms),
    newId: () => `msg_${randomUUID()}`,
  };
}

function screenOf(stream: NodeJS.WriteStream): Screen {
  return {
    write: (output) => void stream.write(output),
    isTerminal: stream.isTTY === true,
    get columns() {
      return stream.columns || DEFAULT_COLUMNS;
    },
    get rows() {
      return stream.rows || DEFAULT_ROWS;
    },
  };
}

/** Returns '' when the input ends without an answer, which counts as no. */
async function ask(question: string): Promise<string> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const ended = new Promise<string>((resolve) => {
      reader.once('close', () => resolve(''));
    });
    return await Promise.race([reader.question(question), ended]);
  } finally {
    reader.close();
  }
}

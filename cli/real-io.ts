import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { fetchHttp } from './api/http.ts';
import type { Io, Screen } from './io.ts';

/** Of a terminal that does not say, and of a file: our own choice. */
const USUAL_COLUMNS = 80;
const USUAL_ROWS = 24;

/** This process, its terminal, its network. */
export function realIo(projectFolder: string): Io {
  const { env, stdin, stdout, stderr } = process;
  const isAsked = stdin.isTTY === true && stderr.isTTY === true;
  return {
    env,
    projectFolder,
    out: screenOf(stdout),
    err: screenOf(stderr),
    readInput: async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of stdin) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks).toString('utf8');
    },
    ask: isAsked ? ask : undefined,
    http: fetchHttp,
    cloud: async (place) => (await import('./cloud/cloud-over-sdk.ts')).cloudOverSdk(place),
    operator: async (place) =>
      (await import('./operator/operator-over-wire.ts')).operatorOverWire(place),
    nowMs: () => Date.now(),
    pause: (ms) => pause(ms),
    newId: () => `msg_${randomUUID()}`,
  };
}

function screenOf(stream: NodeJS.WriteStream): Screen {
  return {
    write: (text) => {
      stream.write(text);
    },
    isTerminal: stream.isTTY === true,
    get columns() {
      return stream.columns || USUAL_COLUMNS;
    },
    get rows() {
      return stream.rows || USUAL_ROWS;
    },
  };
}

/** The answer is '' when the input ends: nobody said yes. */
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

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Objects with finalizers are collected one round later: our own choice. */
const ROUNDS = 4;

/** The bytes in use after a collection. */
export async function heapInUse(): Promise<number> {
  for (let round = 0; round < ROUNDS; round += 1) {
    collect();
    await new Promise(setImmediate);
  }
  return process.memoryUsage().heapUsed;
}

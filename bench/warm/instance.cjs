/**
 * The process of one function instance as Function Compute runs it, with nothing but the bundle. Its
 * parent sends it events to handle, and asks how much memory it uses.
 */
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

const { bundle, context } = JSON.parse(process.argv[2]);
const { initialize, handler } = require(bundle);
/** Objects with finalizers are collected one round later: our own choice. */
const COLLECTIONS = 4;

async function heapInUse() {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  for (let round = 0; round < COLLECTIONS; round += 1) {
    collect();
    await new Promise(setImmediate);
  }
  return process.memoryUsage().heapUsed;
}

let ready;
async function take(event) {
  try {
    ready ??= initialize(context);
    await ready;
    if (event === 'memory') {
      // The resident size is read first, because a collection gives some memory back.
      const rssBytes = process.memoryUsage.rss();
      process.send({ rssBytes, heapBytes: await heapInUse() });
      return;
    }
    const { statusCode } = await handler(Buffer.from(event), context);
    process.send({ statusCode });
  } catch (error) {
    process.send({ error: String(error) });
  }
}

process.on('message', (event) => void take(event));

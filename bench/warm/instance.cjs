/**
 * The process of one function instance as Function Compute runs it: the bundle, and nothing else. Does
 * what its parent says: an event to handle, or to tell how much memory it holds.
 */
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');

const { bundle, context } = JSON.parse(process.argv[2]);
const { initialize, handler } = require(bundle);
/** What is finalized late is collected by the next round: our own choice. */
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
      // First what it holds while it works: a collection gives some of it back.
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

// One cold start, in a process of its own. Prints milliseconds since the import began: when it was done,
// and when the first signed call was answered.
const { subscribe } = require('node:diagnostics_channel');
const { file, kind, event, context, config } = JSON.parse(process.argv[2]);

const since = process.hrtime.bigint();
const nowMs = () => Number(process.hrtime.bigint() - since) / 1e6;
let firstCallMs;
let firstEcsMs;
// An HTTP client loads this module anyway.
subscribe('http.client.response.finish', ({ request }) => {
  if (!request.hasHeader('authorization') && !request.hasHeader('x-ots-signature')) return;
  firstCallMs ??= nowMs();
  if (request.hasHeader('x-acs-action')) firstEcsMs ??= nowMs();
});

const loaded = file === null ? {} : require(file);
const importMs = nowMs();

async function main() {
  if (kind === 'function') {
    await loaded.initialize(context);
    if (event === null) return;
    const reply = await loaded.handler(Buffer.from(event, 'base64'), context);
    if (reply.statusCode >= 300) throw new Error(reply.body);
  } else if (kind === 'client') {
    await loaded.call(config);
    firstCallMs ??= nowMs();
  }
}

function tell() {
  process.stdout.write(
    JSON.stringify({
      importMs,
      firstCallMs,
      firstEcsMs,
      rssMb: process.memoryUsage().rss / 2 ** 20,
    }),
  );
  process.exit(0);
}
main()
  .then(tell)
  .catch((error) => {
    console.error(error);
    process.exit(1);
  });

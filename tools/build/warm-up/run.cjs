// Runs a bundle with events as they come, in a process of its own, and keeps what V8 compiled for that:
// a function that was called is in its code, whoever called it.
const { readFileSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { basename, dirname } = require('node:path');
const { Script } = require('node:vm');

const { parts, context, events } = JSON.parse(process.argv[2]);

/** Loads one of the files, the others when it asks for them. */
function load(part) {
  if (part.script === undefined) {
    const { path, source } = part;
    part.script = new Script(readFileSync(source, 'latin1'), { filename: path });
    part.module = { exports: {} };
    const here = createRequire(path);
    const requireBeside = (id) => {
      const other = parts.find((one) => `./${basename(one.path)}` === id);
      return other === undefined ? here(id) : load(other);
    };
    const make = part.script.runInThisContext();
    make(part.module.exports, requireBeside, part.module, path, dirname(path));
  }
  return part.module.exports;
}

async function main() {
  try {
    const { initialize, handler } = load(parts[0]);
    if (context !== null) {
      await initialize(context);
      for (const event of events) await handler(Buffer.from(event, 'base64'), context);
    }
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
  }
  for (const part of parts) {
    load(part);
    writeFileSync(part.out, part.script.createCachedData());
  }
  process.exit(0);
}

void main();

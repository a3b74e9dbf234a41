import { basename, join } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * What the official SDK loads at once and our calls never use: WebSockets, proxies, dates, and the
 * gateway's interceptors. Whoever uses one of them after all gets an error that says so.
 */
const ABSENT = [
  'ws',
  'http-proxy-agent',
  'https-proxy-agent',
  'socks-proxy-agent',
  'moment',
  '@alicloud/gateway-spi',
];
/** As above: modules of the SDK itself, by the end of their paths. */
const ABSENT_FILES =
  /(?:@darabonba\/typescript\/dist\/websocket|openapi-core\/dist\/websocketUtils\/index)\.js$/;

/**
 * What is used only off the usual path: another file beside the bundle has it, read when it is needed.
 * XML errors of a gateway, the default chain of credentials outside Function Compute, and a merge.
 */
const LATER = ['lodash', 'xml2js', '@alicloud/credentials'];

/** A hundred kilobytes that few ever ask for. */
const DATA = /\/openapi\.json$/;

/** The file beside the bundle. */
export const LATER_FILE = './later.js';

/** What that file is made from. */
export function laterEntry(putOff: ReadonlyMap<string, string>): string {
  const names = [...putOff.keys()].toSorted();
  return names
    .map((name) => {
      const from = JSON.stringify(putOff.get(name));
      return `exports[${JSON.stringify(name)}] = () => require(${from});`;
    })
    .join('\n');
}

/**
 * Leaves out of a bundle what would only be loaded. Promises nothing about packages other than the SDK's.
 *
 * @param putOff gets what the bundle expects in `later.js`: its name there, and where it is from
 */
export function slim(putOff: Map<string, string>): Plugin {
  return {
    name: 'slim',
    setup(build) {
      build.onResolve({ filter: anyOf(ABSENT) }, ({ path }) => ({ path, namespace: 'absent' }));
      build.onResolve({ filter: anyOf(LATER) }, ({ path }) => {
        putOff.set(path, path);
        return { path, namespace: 'later' };
      });
      // Imported when it is asked for, and never before: it needs no stand-in.
      build.onResolve({ filter: DATA }, ({ path, resolveDir }) => {
        putOff.set(basename(path), join(resolveDir, path));
        return { path: basename(path), namespace: 'later-data' };
      });
      build.onLoad({ filter: /.*/, namespace: 'later-data' }, ({ path }) => ({
        contents: `module.exports = require(${JSON.stringify(LATER_FILE)})[${JSON.stringify(path)}]();`,
        loader: 'js',
      }));
      build.onResolve({ filter: anyOf([LATER_FILE]) }, ({ path }) => ({ path, external: true }));
      build.onResolve({ filter: /^debug$/ }, () => ({ path: 'debug', namespace: 'silent' }));
      build.onLoad({ filter: /.*/, namespace: 'absent' }, ({ path }) => absent(path));
      build.onLoad({ filter: ABSENT_FILES }, ({ path }) =>
        absent(path.split('node_modules/').at(-1)!),
      );
      build.onLoad({ filter: /.*/, namespace: 'later' }, ({ path }) => later(path));
      build.onLoad({ filter: /.*/, namespace: 'silent' }, () => ({
        contents: SILENT,
        loader: 'js',
      }));
    },
  };
}

/** `debug` as long as nobody turns it on: nobody can in a function. */
const SILENT = 'module.exports = () => Object.assign(() => {}, { enabled: false });';

function absent(name: string) {
  const contents = `
    const absent = () => { throw new Error(${JSON.stringify(`Cannot use "${name}": it is not part of the bundle`)}); };
    module.exports = new Proxy(function () {}, {
      get: (_, key) => (key === '__esModule' ? true : key === 'default' ? module.exports : absent()),
      apply: absent,
      construct: absent,
    });`;
  return { contents, loader: 'js' } as const;
}

/**
 * Stands for the module until something of it is used; says of itself what a transpiled module says.
 * Its default export can be called or constructed, nothing else: the SDK looks at the class of the
 * credentials in passing.
 */
function later(name: string) {
  const contents = `
    let loaded;
    const load = () => (loaded ??= require(${JSON.stringify(LATER_FILE)})[${JSON.stringify(name)}]());
    const main = () => (load().__esModule ? load().default : load());
    const standing = new Proxy(function () {}, {
      apply: (_, self, given) => Reflect.apply(main(), self, given),
      construct: (_, given) => Reflect.construct(main(), given),
    });
    module.exports = new Proxy(function () {}, {
      has: (_, key) => key === 'default' || key in load(),
      get: (_, key) => (key === '__esModule' ? true : key === 'default' ? standing : load()[key]),
    });`;
  return { contents, loader: 'js' } as const;
}

function anyOf(names: readonly string[]): RegExp {
  const escaped = names.map((name) => name.replaceAll(/[.*+?^$()|[\]\\/]/g, '\\$&'));
  return new RegExp(`^(?:${escaped.join('|')})$`);
}

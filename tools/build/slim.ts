import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Plugin } from 'esbuild';
import { readPolicy } from '../policy/read-policy.ts';

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
/** As above: modules of the SDK itself, by the end of their paths. Forms are bodies, and RPC has none. */
const ABSENT_FILES =
  /(?:@darabonba\/typescript\/dist\/(?:websocket|date|file|form|url)|openapi-core\/dist\/websocketUtils\/index)\.js$/;

/** As above: what of the SDK's client `callApi` does not come to with the signature that we use. */
const CLIENT_FILE = /@alicloud\/openapi-core\/dist\/client\.js$/;
const ABSENT_METHODS = [
  'doRPCRequest',
  'doROARequest',
  'doROARequestWithForm',
  'execute',
  'callSSEApi',
];

/**
 * What is used only off the usual path: another file beside the bundle has it, read when it is needed.
 * XML errors of a gateway, the default chain of credentials outside Function Compute, and a merge.
 */
const LATER = ['lodash', 'xml2js', '@alicloud/credentials'];

/**
 * What the ECS calls are made with: in a file of its own, read when the first of them is due. Plenty of
 * invocations make none.
 */
const SDK = /^@(?:darabonba\/typescript|alicloud\/(?:openapi-core|ecs20140526\/.+))$/;

/** The SDK unpacks answers that are packed, and ECS packs none that nobody asked it to pack. */
const LATER_BUILTIN = 'zlib';

/** What comes of it is known when the build has read the policy. */
const POLICY = /[\\/]functions[\\/]policy\.ts$/;

/** By a relative path, as our files name each other. */
const OWN = /^\.\.?\//;

/** The file beside the bundle. */
export const LATER_FILE = 'later.cjs';

/** The SDK's file beside the bundle. */
export const SDK_FILE = 'sdk.cjs';

/** What such a file is made from: modules by name. */
export function entryOf(modules: ReadonlyMap<string, string>): string {
  const names = [...modules.keys()].toSorted();
  return names
    .map((name) => {
      const from = JSON.stringify(modules.get(name));
      return `exports[${JSON.stringify(name)}] = () => require(${from});`;
    })
    .join('\n');
}

/**
 * Leaves out of a bundle what would only be loaded. Promises nothing about packages other than the SDK's.
 *
 * @param putOff gets what the bundle expects in `later.cjs`: its name there, and where it is from
 * @param sdk gets what our own files expect in `sdk.cjs`; without it that stays in the bundle
 */
export function slim(putOff: Map<string, string>, sdk?: Map<string, string>): Plugin {
  return {
    name: 'slim',
    setup(build) {
      build.onResolve({ filter: anyOf(ABSENT) }, ({ path }) => ({ path, namespace: 'absent' }));
      build.onResolve({ filter: anyOf(LATER) }, ({ path }) => {
        putOff.set(path, path);
        return { path, namespace: 'later' };
      });
      if (sdk !== undefined) {
        build.onResolve({ filter: SDK }, ({ path, importer }) => {
          if (importer.includes('node_modules')) return undefined;
          sdk.set(path, path);
          return { path, namespace: 'sdk' };
        });
        build.onLoad({ filter: /.*/, namespace: 'sdk' }, ({ path }) => standIn(path));
        build.onResolve({ filter: anyOf([`./${SDK_FILE}`]) }, ({ path }) => ({
          path,
          external: true,
        }));
      }
      build.onResolve({ filter: anyOf([LATER_BUILTIN]) }, ({ path }) => ({
        path,
        namespace: 'later-builtin',
      }));
      build.onLoad({ filter: /.*/, namespace: 'later-builtin' }, ({ path }) => ({
        contents: `module.exports = new Proxy({}, { get: (_, key) => require('node:${path}')[key] });`,
        loader: 'js',
      }));
      build.onLoad({ filter: POLICY }, ({ path }) => ({
        contents: policyModule(join(dirname(path), '../policy.json')),
        loader: 'js',
      }));
      // Of our own what is imported when it is asked for, and never before: it needs no stand-in.
      build.onResolve({ filter: OWN }, ({ path, kind, importer, resolveDir }) => {
        if (kind !== 'dynamic-import' || importer.includes('node_modules')) return undefined;
        const from = join(resolveDir, path);
        const name = relative(build.initialOptions.absWorkingDir ?? '', from);
        putOff.set(name, from);
        return { path: name, namespace: 'later-own' };
      });
      build.onLoad({ filter: /.*/, namespace: 'later-own' }, ({ path }) => ({
        contents: `module.exports = require(${JSON.stringify(`./${LATER_FILE}`)})[${JSON.stringify(path)}]();`,
        loader: 'js',
      }));
      build.onResolve({ filter: anyOf([`./${LATER_FILE}`]) }, ({ path }) => ({
        path,
        external: true,
      }));
      build.onResolve({ filter: /^debug$/ }, () => ({ path: 'debug', namespace: 'silent' }));
      build.onLoad({ filter: /.*/, namespace: 'absent' }, ({ path }) => absent(path));
      build.onLoad({ filter: ABSENT_FILES }, ({ path }) =>
        absent(path.split('node_modules/').at(-1)!),
      );
      build.onLoad({ filter: CLIENT_FILE }, ({ path }) => ({
        contents: withoutMethods(readFileSync(path, 'utf8'), ABSENT_METHODS),
        loader: 'js',
      }));
      build.onLoad({ filter: /.*/, namespace: 'later' }, ({ path }) => later(path));
      build.onLoad({ filter: /.*/, namespace: 'silent' }, () => ({
        contents: SILENT,
        loader: 'js',
      }));
    },
  };
}

/** @throws {LatchkeyError} for a policy that is not valid */
function policyModule(path: string): string {
  const policy = readPolicy(path);
  const text = JSON.stringify(policy);
  if (isDeepStrictEqual(JSON.parse(text), policy)) return `export const policy = ${text};`;
  throw new RangeError(`Cannot bundle "${path}": the policy holds what JSON does not`);
}

/**
 * The text of a class without the bodies of some methods.
 *
 * @throws {RangeError} where the text is not laid out as the version that this was written for
 */
export function withoutMethods(text: string, names: readonly string[]): string {
  return names.reduce((rest, name) => {
    const method = new RegExp(
      `^(    (?:async )?${name}\\(.*\\) \\{\\n)(?:(?:     .*)?\\n)+(    \\}\\n)`,
      'gm',
    );
    const found = [...rest.matchAll(method)];
    if (found.length !== 1)
      throw new RangeError(`Cannot leave out "${name}": found ${found.length} times`);
    const why = JSON.stringify(`Cannot use "${name}": it is not part of the bundle`);
    return rest.replace(
      method,
      (_, head: string, end: string) => `${head}throw new Error(${why});\n${end}`,
    );
  }, text);
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
    const load = () => (loaded ??= require(${JSON.stringify(`./${LATER_FILE}`)})[${JSON.stringify(name)}]());
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

/** Stands for the module until one of its exports is used; has the same names. */
function standIn(name: string) {
  const names = Object.keys(requireHere(name) as object);
  const contents = `
    let loaded;
    const load = () => (loaded ??= require(${JSON.stringify(`./${SDK_FILE}`)})[${JSON.stringify(name)}]());
    for (const name of ${JSON.stringify(names)}) {
      Object.defineProperty(exports, name, { enumerable: true, get: () => load()[name] });
    }
    Object.defineProperty(exports, '__esModule', { value: true });`;
  return { contents, loader: 'js' } as const;
}

const requireHere = createRequire(import.meta.url);

function anyOf(names: readonly string[]): RegExp {
  const escaped = names.map((name) => name.replaceAll(/[.*+?^$()|[\]\\/]/g, '\\$&'));
  return new RegExp(`^(?:${escaped.join('|')})$`);
}

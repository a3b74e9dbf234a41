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
      const replace = (filter: RegExp, namespace: string, contentsOf: (path: string) => string) => {
        build.onResolve({ filter }, ({ path }) => ({ path, namespace }));
        build.onLoad({ filter: /.*/, namespace }, ({ path }) => js(contentsOf(path)));
      };
      const load = (filter: RegExp, contentsOf: (path: string) => string) =>
        build.onLoad({ filter }, ({ path }) => js(contentsOf(path)));
      replace(anyOf(ABSENT), 'absent', absent);
      replace(/^debug$/, 'silent', () => SILENT);
      replace(anyOf([LATER_BUILTIN]), 'later-builtin', (path) => {
        return `module.exports = new Proxy({}, { get: (_, key) => require('node:${path}')[key] });`;
      });
      replace(anyOf(LATER), 'later', (path) => {
        putOff.set(path, path);
        return later(path);
      });
      if (sdk !== undefined) {
        build.onResolve({ filter: SDK }, ({ path, importer }) => {
          if (importer.includes('node_modules')) return undefined;
          sdk.set(path, path);
          return { path, namespace: 'sdk' };
        });
        build.onLoad({ filter: /.*/, namespace: 'sdk' }, ({ path }) => js(standIn(path)));
      }
      // Of our own what is imported when it is asked for, and never before: it needs no stand-in.
      build.onResolve({ filter: OWN }, ({ path, kind, importer, resolveDir }) => {
        if (kind !== 'dynamic-import' || importer.includes('node_modules')) return undefined;
        const from = join(resolveDir, path);
        const name = relative(build.initialOptions.absWorkingDir ?? '', from);
        putOff.set(name, from);
        return { path: name, namespace: 'later-own' };
      });
      build.onLoad({ filter: /.*/, namespace: 'later-own' }, ({ path }) =>
        js(`module.exports = ${loadOf(LATER_FILE, path)};`),
      );
      const beside = anyOf([`./${LATER_FILE}`, `./${SDK_FILE}`]);
      build.onResolve({ filter: beside }, ({ path }) => ({ path, external: true }));
      load(POLICY, (path) => policyModule(join(dirname(path), '../policy.json')));
      load(ABSENT_FILES, (path) => absent(path.split('node_modules/').at(-1)!));
      load(CLIENT_FILE, (path) => withoutMethods(readFileSync(path, 'utf8'), ABSENT_METHODS));
    },
  };
}

/** A module that is put in the place of another. */
const js = (contents: string) => ({ contents, loader: 'js' }) as const;

/** Loads a module from a file beside the bundle. */
const loadOf = (file: string, name: string) =>
  `require(${JSON.stringify(`./${file}`)})[${JSON.stringify(name)}]()`;

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

function absent(name: string): string {
  return `
    const absent = () => { throw new Error(${JSON.stringify(`Cannot use "${name}": it is not part of the bundle`)}); };
    module.exports = new Proxy(function () {}, {
      get: (_, key) => (key === '__esModule' ? true : key === 'default' ? module.exports : absent()),
      apply: absent,
      construct: absent,
    });`;
}

/**
 * Stands for the module until something of it is used; says of itself what a transpiled module says.
 * Its default export can be called or constructed, nothing else: the SDK looks at the class of the
 * credentials in passing.
 */
function later(name: string): string {
  return `
    let loaded;
    const load = () => (loaded ??= ${loadOf(LATER_FILE, name)});
    const main = () => (load().__esModule ? load().default : load());
    const standing = new Proxy(function () {}, {
      apply: (_, self, given) => Reflect.apply(main(), self, given),
      construct: (_, given) => Reflect.construct(main(), given),
    });
    module.exports = new Proxy(function () {}, {
      has: (_, key) => key === 'default' || key in load(),
      get: (_, key) => (key === '__esModule' ? true : key === 'default' ? standing : load()[key]),
    });`;
}

/** Stands for the module until one of its exports is used; has the same names. */
function standIn(name: string): string {
  const names = Object.keys(requireHere(name) as object);
  return `
    let loaded;
    const load = () => (loaded ??= ${loadOf(SDK_FILE, name)});
    for (const name of ${JSON.stringify(names)}) {
      Object.defineProperty(exports, name, { enumerable: true, get: () => load()[name] });
    }
    Object.defineProperty(exports, '__esModule', { value: true });`;
}

const requireHere = createRequire(import.meta.url);

function anyOf(names: readonly string[]): RegExp {
  const escaped = names.map((name) => name.replaceAll(/[.*+?^$()|[\]\\/]/g, '\\$&'));
  return new RegExp(`^(?:${escaped.join('|')})$`);
}

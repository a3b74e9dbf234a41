import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');

interface Wall {
  /** Own files that may be imported: folders end with a slash. */
  readonly own: readonly string[];
  /** Packages that may be imported; a star stands for the rest of a name. */
  readonly packages: readonly string[];
  readonly node: boolean;
}

interface Room {
  readonly folder: string;
  readonly packages?: readonly string[];
  readonly node?: boolean;
}

/** The rooms of `shared`, from the bottom to the top. Each imports itself and the rooms below it. */
const ROOMS: readonly Room[] = [
  { folder: 'shared/lib/' },
  { folder: 'shared/domain/model/' },
  { folder: 'shared/domain/policy/' },
  { folder: 'shared/domain/plan/' },
  { folder: 'shared/domain/launch/' },
  { folder: 'shared/domain/workflow/' },
  { folder: 'shared/domain/chat/' },
  { folder: 'shared/domain/rollouts/' },
  { folder: 'shared/contract/', packages: ['valibot'], node: true },
  {
    folder: 'shared/outbound/',
    packages: ['valibot', '@alicloud/*', '@darabonba/*'],
    node: true,
  },
  { folder: 'shared/messengers/', packages: ['valibot'], node: true },
  { folder: 'shared/policy-file/', packages: ['valibot'], node: true },
  { folder: 'shared/inbound/', packages: ['valibot', 'jose'], node: true },
];

const SHARED = ROOMS.map(({ folder }) => folder);

/** A file belongs to the first wall that its path begins with. What begins with none may import all. */
const WALLS: Readonly<Record<string, Wall>> = {
  ...Object.fromEntries(
    ROOMS.map(({ folder, packages = [], node = false }, index): [string, Wall] => [
      folder,
      { own: SHARED.slice(0, index + 1), packages, node },
    ]),
  ),
  'functions/attach/': functionWall('attach', ['openapi.json']),
  'functions/chat/': functionWall('chat'),
  'functions/launch/': functionWall('launch'),
  'functions/messenger/': functionWall('messenger'),
  'functions/restart/': functionWall('restart'),
  // What several of them wire alike. It knows none of them.
  'functions/wiring/': {
    own: ['functions/entry.ts', 'functions/wiring/', ...SHARED],
    packages: [],
    node: true,
  },
  // The policy is part of every bundle.
  'functions/': {
    own: ['policy.json', 'functions/policy.ts', ...SHARED],
    packages: [],
    node: true,
  },
  // Talks to what is deployed over its wires, and to nothing of its inside.
  'cli/': {
    own: ['cli/', ...SHARED],
    packages: ['commander', 'valibot', '@alicloud/fc2', 'string-width'],
    node: true,
  },
  // Written independently of `shared`, so that a mistake on one side of a wire shows on the other.
  'local/cloud/': {
    own: ['local/cloud/', 'local/http/'],
    packages: [
      'tablestore',
      'yaml',
      'esbuild',
      'hono',
      '@hono/node-server',
      'fast-xml-parser',
      'croner',
    ],
    node: true,
  },
  // The same is true of the chat platforms.
  'local/chat/': { own: ['local/chat/', 'local/http/'], packages: [], node: true },
  'local/http/': { own: ['local/http/'], packages: [], node: true },
  'local/': { own: ['local/', ...SHARED], packages: [], node: true },
  // Tests, tools and benchmarks all use the models, so the models use none of them.
  'test/models/': { own: ['test/models/', ...SHARED], packages: [], node: true },
};

function functionWall(name: string, files: readonly string[] = []): Wall {
  const own = [
    `functions/${name}/`,
    'functions/entry.ts',
    'functions/wiring/',
    ...SHARED,
    ...files,
  ];
  return { own, packages: [], node: true };
}

/** Who may start a local cloud. */
const STARTS_CLOUDS = ['local/', 'tools/', 'test/', 'bench/'];

/** Whoever is no test may use the models, and nothing else of `test`. */
const USES_MODELS = ['tools/', 'bench/'];

/** `step` is for `carry-out` alone: whoever else calls it skips the save that comes with it. */
const STEP = 'shared/domain/workflow/step.ts';
const CALLS_STEP = ['shared/domain/rollouts/carry-out.ts', 'test/', 'bench/'];

/** Everything that a file imports: static, re-exported, for its effects, dynamic, as a type, or required. */
function importsOf(text: string): string[] {
  const quoted = `(['"\`])([^'"\`]+)\\1`;
  const patterns = [
    `^\\s*(?:import|export)\\b[^'"\`;]*?\\bfrom\\s*${quoted}`,
    `^\\s*import\\s*${quoted}`,
    `\\b(?:import|require|require\\.resolve)\\s*\\(\\s*${quoted}`,
  ];
  return patterns.flatMap((pattern) =>
    [...text.matchAll(new RegExp(pattern, 'gm'))].map((match) => match[2]!),
  );
}

/** What is wrong with one import; undefined when nothing is. */
function breach(file: string, specifier: string): string | undefined {
  const wall = Object.entries(WALLS).find(([folder]) => file.startsWith(folder))?.[1];
  if (!specifier.startsWith('.')) {
    if (wall === undefined) return undefined;
    const isNode = specifier.startsWith('node:');
    const allowed = isNode ? wall.node : wall.packages.some((name) => isOf(name, specifier));
    return allowed ? undefined : `${file} imports ${specifier}`;
  }
  const target = targetOf(file, specifier);
  const fault = `${file} imports ${target}`;
  if (wall !== undefined && !wall.own.some((own) => within(own, target))) return fault;
  if (within('local/cloud/', target) && !startsWithOne(STARTS_CLOUDS, file)) return fault;
  const isForTests = within('test/', target) && !within('test/models/', target);
  if (isForTests && startsWithOne(USES_MODELS, file)) return fault;
  if (target === STEP && !startsWithOne(CALLS_STEP, file)) return fault;
  return undefined;
}

function targetOf(file: string, specifier: string): string {
  return relative(ROOT, resolve(ROOT, dirname(file), specifier))
    .split(sep)
    .join('/');
}

function within(own: string, target: string): boolean {
  return own.endsWith('/') ? target.startsWith(own) : target === own;
}

function startsWithOne(folders: readonly string[], file: string): boolean {
  return folders.some((folder) => file.startsWith(folder));
}

function isOf(name: string, specifier: string): boolean {
  if (name.endsWith('/*')) return specifier.startsWith(name.slice(0, -1));
  return specifier === name || specifier.startsWith(`${name}/`);
}

function sources(): string[] {
  const folders = ['functions', 'shared', 'local', 'cli', 'tools', 'test', 'bench'];
  // git keeps no empty folder.
  const there = folders.filter((folder) => existsSync(join(ROOT, folder)));
  return there.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:ts|js|mjs|cjs)$/.test(name))
      .map((name) => `${folder}/${name.split(sep).join('/')}`),
  );
}

/** The own files that a file imports. */
function ownImportsOf(file: string, all: ReadonlySet<string>): string[] {
  return importsOf(readFileSync(join(ROOT, file), 'utf8'))
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => targetOf(file, specifier))
    .filter((target) => all.has(target));
}

/** Files that import each other, directly or through others; each circle once, as it was walked. */
function circlesIn(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const done = new Set<string>();
  const path: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): void => {
    const start = path.indexOf(file);
    if (start >= 0) found.push([...path.slice(start), file]);
    if (start >= 0 || done.has(file)) return;
    path.push(file);
    for (const target of imports.get(file) ?? []) visit(target);
    path.pop();
    done.add(file);
  };
  for (const file of imports.keys()) visit(file);
  return found;
}

test('no files import each other in a circle, types included', ({ expect }) => {
  const files = sources();
  const all = new Set(files);
  expect(circlesIn(new Map(files.map((file) => [file, ownImportsOf(file, all)])))).toEqual([]);
});

test('a circle is found, however long', ({ expect }) => {
  const imports = new Map([
    ['a', ['b']],
    ['b', ['c', 'd']],
    ['c', ['a']],
    ['d', []],
  ]);
  expect(circlesIn(imports)).toEqual([['a', 'b', 'c', 'a']]);
});

test('every file of shared is in a room', ({ expect }) => {
  const inShared = sources().filter((file) => file.startsWith('shared/'));
  expect(inShared.filter((file) => !startsWithOne(SHARED, file))).toEqual([]);
});

/** With more files than this in one folder a reader does not find one by its name: our own choice. */
const MAX_FILES = 25;

test('no folder is crowded', ({ expect }) => {
  const counts = new Map<string, number>();
  for (const file of sources()) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
  expect([...counts].filter(([, count]) => count > MAX_FILES)).toEqual([]);
});

test('no import goes through a wall', ({ expect }) => {
  const breaches = sources().flatMap((file) =>
    importsOf(readFileSync(join(ROOT, file), 'utf8')).flatMap(
      (specifier) => breach(file, specifier) ?? [],
    ),
  );
  expect(breaches).toEqual([]);
});

test('every function has a wall of its own', ({ expect }) => {
  const folders = readdirSync(join(ROOT, 'functions'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `functions/${name}/`);
  expect(folders.filter((folder) => WALLS[folder] === undefined)).toEqual([]);
});

test('what is deployed needs no development dependency', ({ expect }) => {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const deployed = sources().filter((file) => /^(?:shared|functions)\//.test(file));
  const missing = deployed.flatMap((file) =>
    importsOf(readFileSync(join(ROOT, file), 'utf8'))
      .filter((specifier) => !specifier.startsWith('.') && !specifier.startsWith('node:'))
      .filter((specifier) => !Object.keys(dependencies).some((name) => isOf(name, specifier)))
      .map((specifier) => `${file} imports ${specifier}`),
  );
  expect(missing).toEqual([]);
});

test('every way to import is seen', ({ expect }) => {
  const text = [
    "import { a } from './static.ts';",
    'import type {',
    '  B,',
    "} from './type.ts';",
    "import './effect.ts';",
    "export { c } from './export.ts';",
    "export * from './star.ts';",
    "const d = await import('./dynamic.ts');",
    "type E = typeof import('./type-of.ts');",
    'const f = await import(`./template.ts`);',
    "const g = require('./required.js');",
    "import h from './data.json' with { type: 'json' };",
    "const i = 'from'; const j = './no-import.ts';",
  ].join('\n');
  expect(importsOf(text).toSorted()).toEqual([
    './data.json',
    './dynamic.ts',
    './effect.ts',
    './export.ts',
    './required.js',
    './star.ts',
    './static.ts',
    './template.ts',
    './type-of.ts',
    './type.ts',
  ]);
});

test.for([
  ['shared/lib/pool.ts', '../domain/model/errors.ts'],
  ['shared/domain/model/rollout.ts', '../workflow/step.ts'],
  ['shared/domain/policy/permission.ts', '../plan/plan.ts'],
  ['shared/domain/plan/plan.ts', '../../outbound/ecs/client.ts'],
  ['shared/domain/plan/plan.ts', 'valibot'],
  ['shared/domain/plan/plan.ts', 'node:crypto'],
  ['shared/domain/workflow/step.ts', '../rollouts/carry-out.ts'],
  ['shared/domain/rollouts/ask.ts', '../../contract/parse.ts'],
  ['shared/domain/rollouts/ask.ts', '../workflow/step.ts'],
  ['shared/contract/parse.ts', '../inbound/fc.ts'],
  ['shared/policy-file/grants.ts', '../inbound/fc.ts'],
  ['shared/messengers/slack/slack-in.ts', '../../inbound/fc.ts'],
  ['shared/messengers/slack/slack-in.ts', 'hono'],
  ['shared/outbound/ids.ts', '../inbound/fc.ts'],
  ['shared/outbound/ids.ts', '../messengers/chat-out.ts'],
  ['shared/outbound/ids.ts', 'hono'],
  ['shared/outbound/ids.ts', 'tablestore'],
  ['functions/attach/router.ts', 'hono'],
  ['functions/chat/handler.ts', 'hono'],
  ['functions/chat/handler.ts', '../messenger/handler.ts'],
  ['functions/restart/index.ts', '../attach/handler.ts'],
  ['functions/entry.ts', './attach/handler.ts'],
  ['functions/entry.ts', 'valibot'],
  ['functions/launch/handler.ts', '../../policy.json'],
  ['functions/restart/index.ts', '../../local/cloud/index.ts'],
  ['functions/attach/handler.ts', '../../shared/domain/workflow/step.ts'],
  ['cli/commands/attach.ts', '../../functions/attach/routes.ts'],
  ['cli/local-cloud.ts', '../local/start-local-cloud.ts'],
  ['cli/rotate/rotate.ts', '../../shared/domain/workflow/step.ts'],
  ['local/cloud/ecs/index.ts', '../../../shared/domain/model/errors.ts'],
  ['local/cloud/ecs/index.ts', '../../start.ts'],
  ['local/cloud/ecs/index.ts', 'valibot'],
  ['local/chat/slack/index.ts', '../../../shared/messengers/slack/slack-in.ts'],
  ['local/http/listen.ts', '../../shared/lib/duration.ts'],
  ['local/http/listen.ts', '../cloud/index.ts'],
  ['local/start-local-cloud.ts', '../tools/build.ts'],
  ['tools/demo.ts', '../shared/domain/workflow/step.ts'],
  ['tools/screenshots.ts', '../test/support/cards.ts'],
  ['bench/warm.ts', '../test/support/cards.ts'],
  ['test/models/model-ecs.ts', '../../tools/random.ts'],
  ['test/models/model-ecs.ts', '../support/cards.ts'],
] as const)('%s may not import %s', ([file, specifier], { expect }) => {
  expect(breach(file, specifier)).toBeDefined();
});

test.for([
  ['shared/domain/rollouts/carry-out.ts', '../workflow/step.ts'],
  ['shared/inbound/fc.ts', '../contract/parse.ts'],
  ['shared/messengers/chat-out.ts', '../outbound/http.ts'],
  ['shared/outbound/ecs/client.ts', '@alicloud/ecs20140526/dist/models/AttachKeyPairRequest.js'],
  ['functions/entry.ts', './policy.ts'],
  ['functions/policy.ts', '../policy.json'],
  ['local/start-local-cloud.ts', './cloud/index.ts'],
  ['local/cloud/kernel/serve.ts', '../../http/listen.ts'],
  ['tools/openapi/service.ts', '../../test/models/model-ecs.ts'],
  ['test/local/ecs/attach.test.ts', '../../../local/cloud/ecs/index.ts'],
] as const)('%s may import %s', ([file, specifier], { expect }) => {
  expect(breach(file, specifier)).toBeUndefined();
});

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'vitest';
import { MESSAGE_FIELDS } from '../../tools/template/log-index.ts';

/** docs/logs.md is what alarms and people count on. */
const ROOT = resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** Events whose names are put together, by the file and the text that stands for them. */
const PUT_TOGETHER: Readonly<Record<string, readonly string[]>> = {
  'functions/restart/handler.ts report.kind': ['messages', 'state-change', 'tick'],
  'functions/launch/handler.ts report.kind': ['ignored', 'queued'],
  'shared/domain/rollouts/cards/show-card.ts `card-${what}`': [
    'card-posted',
    'card-updated',
    'card-notified',
  ],
};
/** Hands on what others log. */
const HANDED_ON = 'event';

/** The arguments of each call of a log, as texts. */
function callsIn(text: string): string[][] {
  const starts = [...text.matchAll(/(?<![\w.]|function )(?:ports\.)?(?:log|logExpected)\(/g)];
  return starts.map(({ 0: name, index }) => {
    const args = [''];
    let depth = 0;
    for (const char of text.slice(index + name.length)) {
      if (char === ')' && depth === 0) break;
      if ('({['.includes(char)) depth += 1;
      if (')}]'.includes(char)) depth -= 1;
      if (char === ',' && depth === 0) args.push('');
      else args[args.length - 1] += char;
    }
    return args.map((arg) => arg.trim());
  });
}

const literals = (text: string) => [...text.matchAll(/'([a-z0-9.-]+)'/g)].map(([, one]) => one!);

/** Every event that a function can log, and at which levels; '' for one that the code computes. */
function eventsInCode(): Map<string, Set<string>> {
  const events = new Map<string, Set<string>>();
  const files = ['functions', 'shared'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => `${folder}/${file}`),
  );
  for (const file of files) {
    for (const args of callsIn(read(file))) {
      const [level, event] = args as [string, string];
      if (event === HANDED_ON || event === undefined) continue;
      const isExpected = level === 'log';
      const names = PUT_TOGETHER[`${file} ${event}`] ?? literals(event);
      if (names.length === 0) throw new Error(`Cannot tell which event ${file} logs: ${event}`);
      // A comparison in a choice of levels is no level.
      const levels = isExpected ? ['warn'] : literals(level).filter((one) => LEVELS.has(one));
      for (const name of names) {
        const known = events.get(name) ?? new Set();
        events.set(name, known);
        for (const one of levels) known.add(one);
      }
    }
  }
  return events;
}

const LEVELS = new Set(['debug', 'info', 'warn', 'error']);

interface Documented {
  readonly levels: readonly string[];
  readonly fields: readonly string[];
}

function eventsOnPage(): Map<string, Documented> {
  const rows = read('docs/logs.md').matchAll(/^\| `([a-z.-]+)` +\| ([a-z, ]+?) +\| (.*?) +\| /gm);
  return new Map(
    [...rows]
      .map(([, name, levels, fields]) => [name!, levels!.split(', '), fields!] as const)
      .filter(([, levels]) => levels.every((level) => LEVELS.has(level)))
      .map(([name, levels, fields]) => {
        const named = [...fields.matchAll(/`(\w+)`/g)].map(([, field]) => field!);
        return [name, { levels, fields: named }];
      }),
  );
}

test('the page has every event of the code, and no other', ({ expect }) => {
  expect([...eventsOnPage().keys()].toSorted()).toEqual([...eventsInCode().keys()].toSorted());
});

test('the page says at which level each is logged', ({ expect }) => {
  const page = eventsOnPage();
  for (const [name, levels] of eventsInCode()) {
    // Where the code computes it, the page is all there is.
    if (levels.size === 0) continue;
    expect(page.get(name)?.levels.toSorted(), name).toEqual([...levels].toSorted());
  }
});

test('every field that is indexed is on the page', ({ expect }) => {
  const common = ['level', 'event', 'function'];
  const known = new Set([
    ...common,
    ...[...eventsOnPage().values()].flatMap(({ fields }) => fields),
  ]);
  for (const field of Object.keys(MESSAGE_FIELDS)) {
    expect(known.has(field.split('.')[0]!), field).toBe(true);
  }
});

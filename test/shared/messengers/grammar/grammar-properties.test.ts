import fc from 'fast-check';
import { test } from 'vitest';
import { textOf } from '../../../../shared/domain/chat/chat-text.ts';
import type { ChatCommand } from '../../../../shared/domain/model/order.ts';
import type { RolloutRequest } from '../../../../shared/domain/model/request.ts';
import { eachCondition } from '../../../../shared/domain/model/selector.ts';
import { parseLine } from '../../../../shared/messengers/grammar/grammar.ts';
import { OPTION_NAMES } from '../../../../shared/domain/chat/request-options.ts';
import { VERB_NAMES } from '../../../../shared/messengers/grammar/verbs.ts';
import { aRequest } from '../../../models/builders.ts';

const OWN = { regionId: 'cn-hangzhou' };

const RESERVED = ['__proto__', 'constructor', 'prototype'];

const signOf = (signs: string) => fc.constantFrom(...Array.from(signs));

/** What tags, names and notes can be made of: everything that can be seen, quotes and signs above all. */
const someText = (maxLength: number) =>
  fc
    .string({
      unit: fc.oneof(
        { weight: 3, arbitrary: signOf('abz09-_.,=:;"\'\\`$(){}<>|&*?!#@%/ ') },
        signOf('“”„‟«»‘’‚‹›–—−，＝１ｗ空é⚠🔑'),
        fc.constantFrom(' and ', ' in ', ' --note ', '--', '\\"', '\\\\', 'ro-'),
      ),
      minLength: 1,
      maxLength,
    })
    .filter((text) => text.length <= 120);

const tagKey = someText(12).filter((text) => !RESERVED.includes(text));
const reason = someText(30)
  .map((text) => text.trim())
  .filter((text) => /[a-z0-9]/.test(text));
const keyPairName = fc
  .stringMatching(/^[A-Za-z][A-Za-z0-9:_-]{1,20}$/)
  .filter((n) => !/LTAI|CAIS/.test(n));
const cloudId = fc
  .stringMatching(/^[A-Za-z0-9][A-Za-z0-9-]{0,20}$/)
  .filter((n) => !/LTAI|CAIS/.test(n));
const rolloutId = fc.stringMatching(/^ro-[a-z2-7]{26}$/);
const maybe = <T>(some: fc.Arbitrary<T>) => fc.option(some, { nil: null });

const selector = fc
  .record({
    tags: fc.dictionary(tagKey, fc.oneof(fc.constant(''), someText(12)), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
    ...eachCondition(() => maybe(cloudId)),
    keyPairName: maybe(keyPairName),
    namePrefix: maybe(someText(12)),
  })
  .filter(
    ({ tags, ...others }) =>
      Object.keys(tags).length > 0 || Object.values(others).some((o) => o !== null),
  );

const targets = fc.oneof(
  fc.record({
    instanceIds: fc.uniqueArray(fc.stringMatching(/^i-[a-z0-9]{1,20}$/), {
      minLength: 1,
      maxLength: 6,
    }),
    selector: fc.constant(null),
  }),
  fc.record({ instanceIds: fc.constant([]), selector }),
);

const request: fc.Arbitrary<RolloutRequest> = fc
  .record({
    keyPairName,
    dryRun: fc.boolean(),
    restartAlreadyAttached: fc.boolean(),
    restart: fc.constantFrom('auto', 'never'),
    startStopped: fc.boolean(),
    attach: fc.constantFrom('now', 'wave'),
    maxUnavailable: fc.constantFrom('10%', '1', '100%', '37'),
    ramp: fc.constantFrom('doubling', 'canary'),
    groupBy: maybe(someText(12)),
    haltAfterFailures: fc.integer({ min: 1, max: 1_000 }),
    bakeSeconds: fc.oneof(fc.integer({ min: 0, max: 86_400 }), fc.constantFrom(0, 60, 3_600)),
    readyTimeoutSeconds: fc.integer({ min: 30, max: 3_600 }),
    approveWithinSeconds: maybe(fc.integer({ min: 60, max: 604_800 })),
    breakGlass: maybe(reason),
    expectedPlanDigest: maybe(fc.stringMatching(/^sha256:[0-9a-f]{64}$/)),
    note: fc.oneof(fc.constant(''), someText(30)),
  })
  .filter(({ restartAlreadyAttached, restart }) => !restartAlreadyAttached || restart === 'auto')
  .chain((some) => targets.map((named) => aRequest({ ...some, ...named, ...OWN })));

const asked = request.map((one): ChatCommand => ({ kind: 'ask', request: one }));

const other: fc.Arbitrary<ChatCommand> = fc.oneof(
  fc.record({
    kind: fc.constant('help'),
    about: maybe(fc.constantFrom(...VERB_NAMES, 'targets', 'options')),
  }),
  fc.record({ kind: fc.constantFrom('whoami', 'go') }),
  fc.record({ kind: fc.constant('status'), rolloutId: maybe(rolloutId) }),
  fc.record({ kind: fc.constant('undo'), rolloutId, dryRun: fc.boolean() }),
  fc.record({
    kind: fc.constant('approve'),
    rolloutId,
    planDigest: fc.stringMatching(/^sha256:[0-9a-f]{8,64}$/),
  }),
  fc.record({ kind: fc.constantFrom('deny', 'pause', 'resume', 'abort'), rolloutId }),
);
const stop: fc.Arbitrary<ChatCommand> = fc.record({
  kind: fc.constant('stop'),
  reason: fc.oneof(fc.constant(''), reason),
});

/** All places of a line that are not inside of its quotes. */
function placesOutside(line: string): number[] {
  const places: number[] = [];
  let isInside = false;
  for (let at = 0; at <= line.length; at += 1) {
    if (!isInside) places.push(at);
    if (isInside && line[at] === '\\') at += 1;
    else if (line[at] === '"') isInside = !isInside;
  }
  return places;
}

const inserted = (line: string, at: number, junk: string) =>
  line.slice(0, at) + junk + line.slice(at);

test('what a command says is read back as that command', ({ expect }) => {
  fc.assert(
    fc.property(fc.oneof(asked, other, stop), (command) => {
      expect(parseLine(textOf(command), OWN)).toEqual({ kind: 'command', command });
    }),
    { numRuns: 250 },
  );
});

test('nothing outside of quotes is passed over: a sign', ({ expect }) => {
  const sign = signOf(';|&$`(){}[]<>*?!#~^\\"\n\0\u200b\u202e“’');
  fc.assert(
    fc.property(fc.oneof(asked, other), sign, fc.nat(), (command, junk, place) => {
      const line = textOf(command);
      const places = placesOutside(line).filter((at) => at > 0 && at < line.length);
      fc.pre(places.length > 0);
      const at = places[place % places.length]!;
      expect(parseLine(inserted(line, at, junk), OWN).kind).toBe('fault');
    }),
    { numRuns: 250 },
  );
});

test('nothing outside of quotes is passed over: a word', ({ expect }) => {
  fc.assert(
    fc.property(fc.oneof(asked, other), fc.nat(), (command, place) => {
      const line = textOf(command);
      const ends = placesOutside(line).filter((at) => line[at] === ' ' || at === line.length);
      const at = ends[place % ends.length]!;
      expect(parseLine(inserted(line, at, ' junk'), OWN).kind).toBe('fault');
    }),
    { numRuns: 250 },
  );
});

test('whatever is typed is a command that says all of itself, or a fault', ({ expect }) => {
  const word = fc.oneof(
    fc.constantFrom(
      ...VERB_NAMES,
      'to',
      'on',
      'in',
      'and',
      'tag',
      'zone',
      'name',
      ',',
      '=',
      '"',
      '“',
    ),
    fc.constantFrom(...OPTION_NAMES.map((name) => `--${name}`), '--', '-', '—note', '5m', '10%'),
    fc.constantFrom(
      'ops',
      'i-a',
      'team=web',
      'cn-hangzhou',
      'sha256:0a0a0a0a',
      `ro-${'a'.repeat(26)}`,
    ),
    fc.string({ unit: 'binary', maxLength: 8 }),
  );
  const soup = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.array(word, { maxLength: 12 }).map((words) => words.join(' ')),
    fc
      .tuple(
        fc.constantFrom('attach ops to', 'plan ops to i-a', 'restart ops on tag'),
        fc.array(word),
      )
      .map(([start, words]) => [start, ...words].join(' ')),
  );
  fc.assert(
    fc.property(soup, (line) => {
      const read = parseLine(line, OWN);
      if (read.kind === 'command') {
        expect(parseLine(textOf(read.command), OWN)).toEqual(read);
      } else {
        expect(read.message).toMatch(/^Cannot /);
        expect(`${read.message}${read.hint}`).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        expect(read.hint).not.toBe('');
      }
    }),
    { numRuns: 800 },
  );
});

test('a line as long as lines can be takes no longer than it must', ({ expect }) => {
  const unit = fc.constantFrom(
    '"',
    '\\',
    '-',
    '—',
    ' ',
    ',',
    '=',
    'a',
    '\u00a0',
    'i-a ',
    '--note ',
  );
  fc.assert(
    fc.property(fc.constantFrom(...VERB_NAMES, ''), unit, (verb, part) => {
      const before = process.cpuUsage();
      parseLine(`${verb} ${part.repeat(4_000)}`, OWN);
      parseLine(`${verb} ${part.repeat(3_900 / part.length)}`, OWN);
      // Microseconds of this process: what else the machine does is not counted.
      expect(process.cpuUsage(before).user).toBeLessThan(500_000);
    }),
    { numRuns: 100 },
  );
});

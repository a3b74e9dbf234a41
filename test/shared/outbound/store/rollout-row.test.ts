import fc from 'fast-check';
import { test } from 'vitest';
import { MAX_INSTANCES } from '../../../../shared/domain/model/request.ts';
import { HISTORY_KEPT, type Rollout } from '../../../../shared/domain/model/rollout.ts';
import { encodeInstance } from '../../../../shared/outbound/store/instance-column.ts';
import {
  decodeRollout,
  encodeChanges,
  encodeRollout,
} from '../../../../shared/outbound/store/rollout-row.ts';
import { MAX_WRITE_COLUMNS } from '../../../../shared/outbound/tablestore/limits.ts';
import { rollout } from './arbitraries.ts';
import { aRequest, aSelector } from '../../../models/builders.ts';
import { anEntry, anInstance, aRollout, next } from './builders.ts';

/** The rollout as the columns keep it: names and messages may be clipped. */
function stored(whole: Rollout): Rollout {
  return decodeRollout(whole.rolloutId, encodeRollout(whole));
}

test('a rollout is read back from its row, except for clipped texts', async ({ expect }) => {
  fc.assert(
    fc.property(rollout, (whole) => {
      const back = stored(whole);
      expect({ ...back, instances: [] }).toEqual({ ...whole, instances: [] });
      expect(back.instances.map(encodeInstance)).toEqual(whole.instances.map(encodeInstance));
      expect(stored(back)).toEqual(back);
    }),
  );
});

test('the old row with the changes equals the new row', async ({ expect }) => {
  fc.assert(
    fc.property(rollout, rollout, (a, b) => {
      const count = Math.min(a.instances.length, b.instances.length);
      const before = stored({ ...a, instances: a.instances.slice(0, count) });
      const seq = (before.history.at(-1)?.seq ?? -1) + 1;
      const added = b.history.map((entry, i) => ({ ...entry, seq: seq + i }));
      const after = stored({
        ...b,
        rolloutId: before.rolloutId,
        instances: b.instances.slice(0, count),
        history: [...before.history, ...added],
      });
      const row = new Map([...encodeRollout(before), ...encodeChanges(before, after)]);
      expect(decodeRollout(after.rolloutId, row)).toEqual(after);
    }),
  );
});

test('only what changed is written', async ({ expect }) => {
  const before = aRollout();
  const instances = before.instances.map((one, i) =>
    i === 1
      ? { ...one, attach: { kind: 'attached', atMs: 1, requestId: 'R' } as const }
      : { ...one },
  );
  const after = next(before, { instances, history: [...before.history, anEntry(1)] });
  expect([...encodeChanges(before, after).keys()]).toEqual(['version', 'header', 'i0001', 'h001']);
});

/** Every instance changed, with more history entries than the write has room for columns. */
function theLargest(): { before: Rollout; after: Rollout } {
  const requestId = 'F0B6A7C1-3A45-4D7C-8A5B-0123456789AB';
  const before = aRollout({
    instances: Array.from({ length: MAX_INSTANCES }, (_, i) => anInstance(i)),
  });
  const instances = before.instances.map((one, i) => ({
    ...one,
    name: `production-web-node-${String(i).padStart(4, '0')}`,
    attach: { kind: 'attached', atMs: 1_795_000_000_000, requestId } as const,
    restart: {
      kind: 'booting',
      how: 'reboot',
      attempt: 1,
      proof: 'accepted',
      sinceMs: 1_795_000_000_000,
      runningAtMs: 1_795_000_000_000,
      lookedAtMs: 1_795_000_000_000,
      readAtMs: 1_795_000_000_000,
      requestId,
    } as const,
  }));
  const history = Array.from({ length: HISTORY_KEPT }, (_, i) => anEntry(i + 1, { requestId }));
  const outbox = [...instances.keys()];
  return { before, after: next(before, { instances, history, outbox }) };
}

test('a thousand changed instances and 200 entries are one write', async ({ expect }) => {
  const { before, after } = theLargest();
  const changes = encodeChanges(before, after);
  expect(changes.size + 1).toBeLessThanOrEqual(MAX_WRITE_COLUMNS);
  const row = new Map([...encodeRollout(before), ...changes]);
  expect(decodeRollout(after.rolloutId, row)).toEqual(after);
});

test('the largest row has less than 400 KB, a tenth of the limit', async ({ expect }) => {
  const { after } = theLargest();
  let bytes = 0;
  for (const [name, value] of encodeRollout(after)) {
    bytes += name.length + Buffer.byteLength(String(value));
  }
  expect(bytes).toBeGreaterThan(200_000);
  expect(bytes).toBeLessThan(400_000);
});

test('1,001 instances are too large', async ({ expect }) => {
  const instances = Array.from({ length: MAX_INSTANCES + 1 }, (_, i) => anInstance(i));
  expect(() => encodeRollout(aRollout({ instances }))).toThrow(/more than 1000 instances/);
});

test.for([
  ['version', undefined],
  ['version', '1'],
  ['header', undefined],
  ['header', '{}'],
  ['i0002', undefined],
  ['i0001', '["i-1"]'],
  ['h000', 'null'],
] as const)(
  'a row whose column %s is %s names rollout and column',
  ([column, value], { expect }) => {
    const whole = aRollout();
    const columns = encodeRollout(whole);
    if (value === undefined) columns.delete(column);
    else columns.set(column, value);
    expect(() => decodeRollout(whole.rolloutId, columns)).toThrow(
      `Cannot read rollout "${whole.rolloutId}": column "${column}"`,
    );
  },
);

test('a row from before people approved is read as one approval at the webhook', ({ expect }) => {
  const approval = {
    state: 'waiting',
    untilMs: 5,
    by: '',
    why: 'asked for',
    needed: 1,
    given: [],
    isHighRisk: false,
    facts: { stopped: 0, replaces: [] },
  } as const;
  const whole = aRollout({ approval });
  const row = encodeRollout(whole);
  const header = JSON.parse(String(row.get('header'))) as { approval: object };
  const { state, untilMs, by, why } = approval;
  const older = JSON.stringify({ ...header, approval: { state, untilMs, by, why } });
  expect(decodeRollout(whole.rolloutId, new Map(row).set('header', older)).approval).toEqual(
    approval,
  );
});

test('a row from before a condition existed is read as if it selected anything', ({ expect }) => {
  const selector = aSelector({ tags: { team: 'web' } });
  const whole = aRollout({ request: aRequest({ selector }) });
  const row = encodeRollout(whole);
  const header = JSON.parse(String(row.get('header'))) as { request: object };
  const request = { ...header.request, selector: { tags: { team: 'web' } } };
  const older = new Map(row).set('header', JSON.stringify({ ...header, request }));
  expect(decodeRollout(whole.rolloutId, older).request.selector).toEqual(selector);
});

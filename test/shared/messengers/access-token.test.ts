import { test } from 'vitest';
import { accessToken, type Fetched, withToken } from '../../../shared/messengers/access-token.ts';

const HOUR_MS = 3_600_000;

/** Tokens t1, t2, … */
function aSource(over: { lifeMs?: number; answer?: (n: number) => Promise<Fetched> } = {}) {
  const { lifeMs = 2 * HOUR_MS } = over;
  const answer =
    over.answer ?? (async (n: number) => ({ kind: 'fetched' as const, token: `t${n}`, lifeMs }));
  const clock = { nowMs: 0 };
  let fetches = 0;
  const fetch = () => {
    fetches += 1;
    return answer(fetches);
  };
  const source = accessToken(fetch, () => clock.nowMs);
  return { source, clock, fetches: () => fetches };
}

test('a token is fetched once, and again five minutes before its end', async ({ expect }) => {
  const { source, clock } = aSource();
  expect(await source.get()).toEqual({ kind: 'got', token: 't1' });
  clock.nowMs = 2 * HOUR_MS - 300_001;
  expect(await source.get()).toEqual({ kind: 'got', token: 't1' });
  clock.nowMs += 1;
  expect(await source.get()).toEqual({ kind: 'got', token: 't2' });
});

test('whoever asks meanwhile waits for the same fetch', async ({ expect }) => {
  const { source, fetches } = aSource();
  const all = await Promise.all([source.get(), source.get(), source.get()]);
  expect(all.map((one) => one.kind === 'got' && one.token)).toEqual(['t1', 't1', 't1']);
  expect(fetches()).toBe(1);
});

test('what failed is tried again by whoever asks next', async ({ expect }) => {
  const failure = { kind: 'failed', why: 'no', retryAfterMs: 7 } as const;
  const { source } = aSource({
    answer: async (n) => (n === 1 ? failure : { kind: 'fetched', token: 't2', lifeMs: HOUR_MS }),
  });
  expect(await source.get()).toEqual(failure);
  expect(await source.get()).toEqual({ kind: 'got', token: 't2' });
});

test('a token that has no place in a header is none', async ({ expect }) => {
  const answer = async () => ({ kind: 'fetched', token: 'a\r\nb: c', lifeMs: HOUR_MS }) as const;
  expect(await aSource({ answer }).source.get()).toMatchObject({ kind: 'failed' });
});

test('a token that is not taken is dropped, and the call made once more', async ({ expect }) => {
  const { source, fetches } = aSource();
  const tried: string[] = [];
  const call = async (token: string) => {
    tried.push(token);
    return token === 't1' ? 'stale' : 'well';
  };
  const time = { nowMs: () => 0, lastMs: 0 };
  expect(await withToken(source, call, time)).toBe('well');
  expect(await withToken(source, call, time)).toBe('well');
  expect([tried, fetches()]).toEqual([['t1', 't2', 't2'], 2]);
});

test('a token that is never taken is tried twice', async ({ expect }) => {
  const { source, fetches } = aSource();
  const time = { nowMs: () => 0, lastMs: 0 };
  const end = await withToken(source, async () => 'stale' as const, time);
  expect(end).toEqual({ kind: 'failed', why: 'the access token is not taken', retryAfterMs: null });
  expect(fetches()).toBe(2);
});

test('no call is begun when its time is over', async ({ expect }) => {
  const { source, clock } = aSource();
  const call = async () => {
    clock.nowMs += 6_000;
    return 'stale' as const;
  };
  const end = await withToken(source, call, { nowMs: () => clock.nowMs, lastMs: 5_000 });
  expect(end).toMatchObject({ kind: 'failed', why: 'no time left for the call' });
  expect(clock.nowMs).toBe(6_000);
});

test('what another has fetched meanwhile is not dropped', async ({ expect }) => {
  const { source, fetches } = aSource();
  await source.get();
  source.drop('t0');
  await source.get();
  expect(fetches()).toBe(1);
});

import { failed, type NotSent } from './not-sent.ts';

export type Fetched =
  | { readonly kind: 'fetched'; readonly token: string; readonly lifeMs: number }
  | NotSent;

export type Got = { readonly kind: 'got'; readonly token: string } | NotSent;

/** An access token of a platform. It is fetched when it is needed, and kept until shortly before it expires. */
export interface AccessToken {
  /** All callers share one fetch. Never rejects. */
  get(): Promise<Got>;
  /** The platform no longer accepts this token. */
  drop(token: string): void;
}

/** How long before its end a token is replaced: our own choice. Platforms issue a new one half an hour before. */
const MARGIN_MS = 300_000;

/** The token is sent in a header. */
const TOKEN = /^[\x21-\x7e]{1,4000}$/;

export function accessToken(fetch: () => Promise<Fetched>, nowMs: () => number): AccessToken {
  let kept: { readonly token: string; readonly untilMs: number } | undefined;
  let underWay: Promise<Got> | undefined;

  const fetchOnce = async (): Promise<Got> => {
    const beganMs = nowMs();
    const fetched = await fetch();
    if (fetched.kind !== 'fetched') return fetched;
    const { token, lifeMs } = fetched;
    if (!TOKEN.test(token)) return failed('what came as a token is not one');
    kept = { token, untilMs: beganMs + lifeMs - MARGIN_MS };
    return { kind: 'got', token };
  };

  return {
    get() {
      if (kept !== undefined && kept.untilMs > nowMs()) {
        return Promise.resolve({ kind: 'got', token: kept.token });
      }
      underWay ??= fetchOnce().finally(() => {
        underWay = undefined;
      });
      return underWay;
    },
    drop(token) {
      if (kept?.token === token) kept = undefined;
    },
  };
}

/**
 * Makes a call with the token. If the platform refuses the token, it did nothing, and the call is made once more with a
 * new token.
 *
 * @param call returns `stale` when the platform refused the token
 * @param time no call begins after `lastMs`
 */
export async function withToken<T>(
  source: AccessToken,
  call: (token: string) => Promise<T | 'stale'>,
  { nowMs, lastMs }: { readonly nowMs: () => number; readonly lastMs: number },
): Promise<T | NotSent> {
  for (let tries = 0; tries < 2; tries += 1) {
    const got = await source.get();
    if (got.kind !== 'got') return got;
    if (nowMs() > lastMs) return failed('no time left for the call');
    const answer = await call(got.token);
    if (answer !== 'stale') return answer;
    source.drop(got.token);
  }
  return failed('the access token is not taken');
}

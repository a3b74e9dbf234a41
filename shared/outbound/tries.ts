import { setTimeout as delay } from 'node:timers/promises';
import { LatchkeyError } from '../domain/model/errors.ts';

/** Tries of one call in all, and what lies between two of them. Our own choice: an invocation is short. */
export const MAX_TRIES = 3;
const PAUSES_MS = [100, 400] as const;

export type Pause = (delayMs: number) => Promise<void>;

export const realPause: Pause = async (delayMs) => {
  await delay(delayMs);
};

export interface TryOptions {
  readonly pause: Pause;
  readonly mayRepeat: (error: LatchkeyError) => boolean;
  /** Told before each further try. */
  readonly onRepeat?: (error: LatchkeyError, nextTry: number, count: number) => void;
}

/**
 * Carries all items out in one call, and those that failed but may be repeated in one further call,
 * three in all.
 *
 * @param attempt answers for each item, in order; what it throws as a LatchkeyError holds for all of
 * them, and anything else is thrown on
 * @returns for each item, in order, its result or its last error; an earlier one when that leaves
 * open what was done and the last one, which says that nothing was, is only about the last try. A
 * `conflict` stays as it is: it tells what the last try found
 */
export async function tryEach<I, R>(
  items: readonly I[],
  { pause, mayRepeat, onRepeat }: TryOptions,
  attempt: (items: readonly I[]) => Promise<readonly (R | LatchkeyError)[]>,
): Promise<(R | LatchkeyError)[]> {
  const results: (R | LatchkeyError)[] = [];
  let open = items.map((item, index) => ({ item, index }));
  for (let nth = 1; open.length > 0; nth++) {
    const answers = await answersOf(open.map(({ item }) => item));
    open.forEach(({ index }, at) => {
      results[index] = outweighing(results[index], answers[at]!);
    });
    const again = open.filter((_, at) => {
      const answer = answers[at];
      return answer instanceof LatchkeyError && mayRepeat(answer);
    });
    const first = again[0] === undefined ? undefined : results[again[0].index];
    if (nth === MAX_TRIES || !(first instanceof LatchkeyError)) break;
    onRepeat?.(first, nth + 1, again.length);
    await pause(PAUSES_MS[nth - 1] ?? 0);
    open = again;
  }
  return results;

  async function answersOf(asked: readonly I[]): Promise<readonly (R | LatchkeyError)[]> {
    try {
      return await attempt(asked);
    } catch (error) {
      if (!(error instanceof LatchkeyError)) throw error;
      return asked.map(() => error);
    }
  }
}

function outweighing<R>(
  earlier: R | LatchkeyError | undefined,
  latest: R | LatchkeyError,
): R | LatchkeyError {
  const inDoubt =
    earlier instanceof LatchkeyError &&
    earlier.traits.certainty === 'maybe-done' &&
    latest instanceof LatchkeyError &&
    latest.traits.certainty === 'nothing-done' &&
    latest.code !== 'conflict';
  return inDoubt ? earlier : latest;
}

/** As `tryEach`, for a call that is about one thing. */
export async function tryOne<R>(options: TryOptions, attempt: () => Promise<R>): Promise<R> {
  const [result] = await tryEach([undefined], options, async () => [{ value: await attempt() }]);
  if (result instanceof LatchkeyError) throw result;
  return result!.value;
}

/** Failures that may be gone a moment later. Whether repeating does harm is another question. */
export function isPassing({ code }: LatchkeyError): boolean {
  return (
    code === 'throttled' || code === 'unreachable' || code === 'unavailable' || code === 'timeout'
  );
}

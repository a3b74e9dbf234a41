import { setTimeout as delay } from 'node:timers/promises';
import { LatchkeyError } from '../domain/model/errors.ts';

/** The number of tries of one call, and the pauses between them. Our own choice: an invocation is short. */
const MAX_TRIES = 3;
const PAUSES_MS = [100, 400] as const;

export type Pause = (delayMs: number) => Promise<void>;

export const realPause: Pause = (delayMs) => delay(delayMs);

interface TryOptions {
  readonly pause: Pause;
  /** Called before each further try. */
  readonly onRepeat?: (error: LatchkeyError, nextTry: number, count: number) => void;
}

/**
 * Carries out all items in one call. Repeats the items with a temporary failure in one further call, up to
 * three calls. So an item may be carried out more than once.
 *
 * @param attempt returns a result or an error for each item, in order. A `LatchkeyError` that it throws
 * counts for every item. Anything else that it throws is a bug and propagates
 * @returns for each item, in order, its result or its last error. An earlier error takes the place of the
 * last one where the earlier try may have been carried out: "nothing was done" is then true of the last try
 * only. A `conflict` always stays, because it says what the last try found
 */
export async function tryEach<I, R>(
  items: readonly I[],
  { pause, onRepeat }: TryOptions,
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
      return answer instanceof LatchkeyError && isTemporary(answer);
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

/** As `tryEach`, for a call with one item. */
export async function tryOne<R>(options: TryOptions, attempt: () => Promise<R>): Promise<R> {
  const [result] = await tryEach([undefined], options, async () => [{ value: await attempt() }]);
  if (result instanceof LatchkeyError) throw result;
  return result!.value;
}

/** Whether the same call may succeed a moment later. */
function isTemporary({ code }: LatchkeyError): boolean {
  return ['throttled', 'unreachable', 'unavailable', 'timeout'].includes(code);
}

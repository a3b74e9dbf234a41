import type { Random } from '../../random.ts';

/** How likely each kind of trouble is, for one call or one message. */
export interface Weather {
  /** The invocation dies before the call, or between the call and its answer. */
  readonly crash: number;
  /** The answer is lost; the call took effect or not. */
  readonly lost: number;
  readonly throttled: number;
  readonly unreachable: number;
  /** The answer lacks one instance of the batch. */
  readonly partial: number;
  /** A call takes seconds. */
  readonly slow: number;
  /** A message, an event or a request is delivered twice. */
  readonly twice: number;
  /** A message or an event is minutes late. */
  readonly late: number;
  /** ECS leaves an instance out of an answer. */
  readonly unseen: number;
  /** A state change is not delivered at all. */
  readonly deaf: number;
  /** A person does the wrong thing at the worst moment. */
  readonly nerves: number;
}

const LEVELS = [0.1, 0.5, 1, 1, 2, 4];

/** Our own choice, so that most seeds see some of everything and still come to an end. */
export function drawWeather(random: Random): Weather {
  // A seed with little other trouble shows what each kind does on its own.
  return {
    ...weatherOf(() => (random.chance(0.25) ? 0 : random.pick(LEVELS))),
    deaf: random.chance(0.3) ? random.pick([0.3, 1]) : 0,
    nerves: random.chance(0.3) ? 0.3 : 0,
  };
}

function weatherOf(level: () => number): Weather {
  return {
    crash: 0.01 * level(),
    lost: 0.012 * level(),
    throttled: 0.02 * level(),
    unreachable: 0.01 * level(),
    partial: 0.02 * level(),
    slow: 0.02 * level(),
    twice: 0.08 * level(),
    late: 0.03 * level(),
    unseen: 0.005 * level(),
    deaf: 0,
    nerves: 0,
  };
}

/** Nothing goes wrong. */
export const CALM = weatherOf(() => 0);

/** What happens to one call. */
export type Fate =
  | 'done'
  | 'crash-before'
  | 'crash-after'
  | 'lost-before'
  | 'lost-after'
  | 'unreachable'
  | 'throttled'
  | 'partial';

/** @param toEcs whether the call goes to ECS, which alone throttles and answers in part */
export function drawFate(weather: Weather, random: Random, toEcs: boolean): Fate {
  const half = random.chance(0.5);
  if (random.chance(weather.crash)) return half ? 'crash-before' : 'crash-after';
  if (random.chance(weather.lost)) return half ? 'lost-before' : 'lost-after';
  if (random.chance(weather.unreachable)) return 'unreachable';
  if (!toEcs) return 'done';
  if (random.chance(weather.throttled)) return 'throttled';
  if (random.chance(weather.partial)) return 'partial';
  return 'done';
}

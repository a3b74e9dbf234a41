import type { Random } from '../../random.ts';

/** How likely each kind of trouble is at level 1, for one call or one message. */
const USUAL = {
  /** The invocation dies before the call, or between the call and its answer. */
  crash: 0.01,
  /** The answer is lost; the call took effect or not. */
  lost: 0.012,
  throttled: 0.02,
  unreachable: 0.01,
  /** The answer lacks one instance of the batch. */
  partial: 0.02,
  /** A call takes seconds. */
  slow: 0.02,
  /** A message, an event or a request is delivered twice. */
  twice: 0.08,
  /** A message or an event is minutes late. */
  late: 0.03,
  /** ECS leaves an instance out of an answer. */
  unseen: 0.005,
  /** A state change is not delivered at all. */
  deaf: 0,
  /** A person does the wrong thing at the worst moment. */
  nerves: 0,
};

export type Weather = Readonly<typeof USUAL>;

/** Nothing goes wrong. */
export const CALM: Weather = weatherOf(() => 0);

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
  const likely = Object.entries(USUAL).map(([kind, usual]) => [kind, usual && usual * level()]);
  return Object.fromEntries(likely) as Weather;
}

/** What happens to one call. @param toEcs whether it goes to ECS, which alone throttles and answers in part */
export function drawFate(weather: Weather, random: Random, toEcs: boolean) {
  const half = random.chance(0.5);
  if (random.chance(weather.crash)) return half ? 'crash-before' : 'crash-after';
  if (random.chance(weather.lost)) return half ? 'lost-before' : 'lost-after';
  if (random.chance(weather.unreachable)) return 'unreachable';
  if (!toEcs) return 'done';
  if (random.chance(weather.throttled)) return 'throttled';
  if (random.chance(weather.partial)) return 'partial';
  return 'done';
}

export type Fate = ReturnType<typeof drawFate>;

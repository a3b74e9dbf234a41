import { CONDITION_HELP } from '../../shared/contract/requests/selector.ts';
import { eachCondition } from '../../shared/domain/model/selector.ts';
import type { Random } from '../random.ts';
import type { Known } from './known.ts';

/** A well-formed request, before it is signed. */
export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: object | undefined;
}

const COMMANDS = ['pause', 'resume', 'abort', 'approve', 'deny', 'resolve'];

/** Any well-formed request of the API. What it asks for may not exist or be forbidden. */
export function anyCall(known: Known, random: Random, regionId: string): Call {
  const rolloutId = random.pick(known.rolloutIds);
  const steer = () => command(rolloutId, known, random);
  const order = () => post('/rollouts', rollout(known, random, regionId));
  const often = [steer, steer, order, order, order, order];
  return random.pick([
    () => get('/healthz'),
    () => get('/rollouts', random.chance(0.5) ? { limit: String(random.between(0, 101)) } : {}),
    () => get(`/rollouts/${rolloutId}`),
    () => get(random.chance(0.5) ? '/stop' : '/openapi.json'),
    () =>
      random.chance(0.5)
        ? post('/stop', { action: 'stop', reason: 'fuzz' })
        : post('/go', { action: 'go' }),
    () => {
      const body = { rolloutId, action: 'undo', dryRun: random.chance(0.5) };
      return post(`/rollouts/${rolloutId}/undo`, body);
    },
    ...often,
  ])();
}

function get(path: string, query: Readonly<Record<string, string>> = {}): Call {
  return { method: 'GET', path, query, body: undefined };
}

function post(path: string, body: object): Call {
  return { method: 'POST', path, query: {}, body };
}

function command(rolloutId: string, known: Known, random: Random): Call {
  const action = random.pick(COMMANDS);
  const path = `/rollouts/${rolloutId}/${action}`;
  const same = { rolloutId, action };
  if (action === 'approve')
    return post(path, { ...same, planDigest: random.pick(known.planDigests) });
  if (action !== 'resolve') return post(path, same);
  const instanceIds = random.some(known.instanceIds, 0.2);
  return post(path, { ...same, as: random.pick(['retry', 'skip']), instanceIds });
}

function rollout(known: Known, random: Random, regionId: string): object {
  const targets = random.chance(0.7)
    ? { instanceIds: random.some([...known.instanceIds, 'i-bp1nobody00000000000'], 0.2) }
    : { selector: selector(random, known) };
  const options = {
    startStopped: random.chance(0.5),
    restartAlreadyAttached: random.chance(0.5),
    attach: random.pick(['now', 'wave']),
    maxUnavailable: random.pick(['10%', 5, '100%']),
    ramp: random.pick(['doubling', 'canary']),
    groupBy: random.pick([null, 'team']),
    haltAfterFailures: random.between(1, 3),
    bakeSeconds: random.pick([0, 60]),
    readyTimeoutSeconds: 300,
    approveWithinSeconds: random.pick([null, 60]),
    expectedPlanDigest: random.chance(0.2) ? random.pick(known.planDigests) : null,
    breakGlass: random.chance(0.1) ? 'fuzz' : null,
    note: 'fuzz',
  };
  return {
    regionId,
    keyPairName: random.pick(known.keyPairNames),
    ...targets,
    restart: random.pick(['auto', 'never']),
    dryRun: random.chance(0.5),
    ...Object.fromEntries(random.some(Object.entries(options), 0.4)),
  };
}

function selector(random: Random, known: Known): object {
  return random.pick([
    { tags: { team: 'web' } },
    { tags: { team: 'nobody' } },
    { keyPairName: random.pick(known.keyPairNames) },
    { namePrefix: random.pick(['web', 'x', 'w*']) },
    { zoneId: 'cn-hangzhou-h', namePrefix: 'web' },
    eachCondition((name) => CONDITION_HELP[name].example),
  ]);
}

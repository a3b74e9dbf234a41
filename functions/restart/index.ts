import { rulesOf } from '../../shared/domain/rules.ts';
import { entry } from '../entry.ts';
import { gateAndChannelSecrets, gatesOf, notifierOf } from '../wiring/gates.ts';
import { rolloutPorts } from '../wiring/rollouts.ts';
import { makeHandler } from './handler.ts';

export const { initialize, handler } = entry((base) => {
  const { policy, regionId, deadLetters } = base;
  const ports = rolloutPorts(base, rulesOf(policy, gatesOf(base)));
  return makeHandler({ ...ports, policy, regionId, deadLetters, notifier: notifierOf(base) });
}, gateAndChannelSecrets);

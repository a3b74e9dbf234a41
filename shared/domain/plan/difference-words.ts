import type { InstanceId } from '../model/instance.ts';
import type { PlanDifference } from './plan-difference.ts';

/** Instances that are named: our own choice, the history keeps it for good. */
const MAX_NAMED = 5;

/** How a plan differs from the one that was expected, in a line. */
export function differenceInWords(difference: PlanDifference): string {
  const { added, removed, changed, keyPair, options, regionId, order } = difference;
  const parts = [
    ...named(
      'added',
      added.map(({ instanceId, now }) => `${instanceId} ${actions(now)}`),
    ),
    ...named('gone', removed.map(idOf)),
    ...named(
      'otherwise',
      changed.map(
        ({ instanceId, expected, now }) =>
          `${instanceId} ${actions(now)} in place of ${actions(expected)}`,
      ),
    ),
    ...(keyPair === undefined
      ? []
      : [`key pair ${keyPair.now.name} has the fingerprint ${keyPair.now.fingerprint} now`]),
    ...(options === undefined ? [] : [`other options: ${options.map(nameOf).join(', ')}`]),
    ...(regionId === undefined ? [] : [`region ${regionId.now}`]),
    ...(order === undefined ? [] : ['in another order']),
  ];
  return parts.join('; ');
}

/** `attach, reboot`: what is done, or why it is not, and the restart. */
function actions(all: readonly string[]): string {
  return all.filter((one) => one !== '').join(', ');
}

function named(what: string, items: readonly string[]): string[] {
  if (items.length === 0) return [];
  const more = items.length - MAX_NAMED;
  const rest = more > 0 ? `; and ${more} more` : '';
  return [`${what}: ${items.slice(0, MAX_NAMED).join('; ')}${rest}`];
}

const idOf = ({ instanceId }: { readonly instanceId: InstanceId }) => instanceId;
const nameOf = ({ name }: { readonly name: string }) => name;

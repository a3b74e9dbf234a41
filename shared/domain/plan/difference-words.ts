import type { InstanceId } from '../model/instance.ts';
import type { PlanDifference } from './plan-difference.ts';

/** The most instances that are named: our own choice, because the history keeps the text. */
const MAX_NAMED = 5;

/** The difference between two plans in one line. */
export function differenceInWords(difference: PlanDifference): string {
  const { added, removed, changed, keyPair, options, regionId, order } = difference;
  const parts = [
    ...named(
      'added',
      added.map(({ instanceId, now }) => `${instanceId} ${actions(now)}`),
    ),
    ...named('removed', removed.map(idOf)),
    ...named(
      'changed',
      changed.map(
        ({ instanceId, expected, now }) =>
          `${instanceId} ${actions(now)} instead of ${actions(expected)}`,
      ),
    ),
    ...(keyPair === undefined
      ? []
      : [`key pair ${keyPair.now.name} now has the fingerprint ${keyPair.now.fingerprint}`]),
    ...(options === undefined ? [] : [`changed options: ${options.map(nameOf).join(', ')}`]),
    ...(regionId === undefined ? [] : [`region ${regionId.now}`]),
    ...(order === undefined ? [] : ['instances in another order']),
  ];
  return parts.join('; ');
}

/** `attach, reboot`: the action or the reason to skip, and the restart. */
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

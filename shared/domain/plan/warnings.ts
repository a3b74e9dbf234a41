import type { Plan } from '../model/plan.ts';
import type { RolloutRequest } from '../model/request.ts';
import type { Effective, RolloutInstance, Withheld } from '../model/rollout.ts';

/** What the requester should know before and during the rollout. */
export function warningsOf(
  { instances }: Pick<Plan, 'instances'>,
  { launch }: Pick<RolloutRequest, 'launch'>,
): string[] {
  const attached = instances.filter(
    ({ attach }) => attach.kind !== 'skipped' && attach.kind !== 'failed',
  );
  const members = instances.filter((one) => one.isScalingMember && one.restart.kind !== 'none');
  return [
    ...onSome(attached, (some) => `password login is turned off on ${some}`),
    ...replaced(attached),
    ...(launch === null ? onSome(members, mayBeReplaced) : onSome(attached, tooLate)),
    ...withheld(instances),
    ...boundAlready(instances),
  ];
}

const tooLate = (some: string) =>
  `the key pair is attached after the first boot on ${some}: cloud-init ran without it (docs/launch.md)`;

function replaced(attached: readonly RolloutInstance[]): string[] {
  const counts = new Map<string, number>();
  for (const { previousKeyPairName: name } of attached) {
    if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => `key pair ${name} is replaced on ${inWords(count)}`);
}

const mayBeReplaced = (some: string) =>
  `Auto Scaling may replace ${some} after a restart: they are members of scaling groups`;

const WITHHELD: Readonly<Record<Exclude<Withheld, ''>, string>> = {
  'opted-out': 'their own tag forbids it',
  'not-approved': 'their own tag wants an approval, which this request does not ask for',
  'scaling-member': 'Auto Scaling may replace members of scaling groups that are down',
  'too-old': 'they were launched too long ago, or ECS does not say when',
};

function withheld(instances: readonly RolloutInstance[]): string[] {
  return Object.entries(WITHHELD).flatMap(([reason, words]) =>
    onSome(
      instances.filter((one) => one.withheld === reason),
      (some) => `no restart on ${some}: ${words}`,
    ),
  );
}

function boundAlready(instances: readonly RolloutInstance[]): string[] {
  const bound = (effective: Effective) =>
    instances.filter(
      ({ attach, restart }) =>
        attach.kind === 'skipped' && attach.effective === effective && restart.kind === 'none',
    );
  return [
    ...onSome(
      bound('unknown').filter((one) => one.withheld === ''),
      (some) =>
        `${some} already ${has(some)} this key pair, but Latchkey cannot tell whether it is active: "restartAlreadyAttached": true restarts them`,
    ),
    ...onSome(
      bound('no'),
      (some) => `${some} already ${has(some)} this key pair, which works only after the next boot`,
    ),
  ];
}

function onSome(instances: readonly RolloutInstance[], words: (some: string) => string): string[] {
  return instances.length === 0 ? [] : [words(inWords(instances.length))];
}

const has = (some: string) => (some === '1 instance' ? 'has' : 'have');

function inWords(count: number): string {
  return count === 1 ? '1 instance' : `${count} instances`;
}

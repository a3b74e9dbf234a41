import { describe, test } from 'vitest';
import type { RolloutInstance } from '../../../../shared/domain/model/rollout.ts';
import { warningsOf } from '../../../../shared/domain/plan/warnings.ts';
import { aLaunch } from '../../../models/builders.ts';
import { anInstance } from '../../outbound/store/builders.ts';

const REBOOT = {
  kind: 'due',
  how: 'reboot',
  attempt: 0,
  notBeforeMs: 0,
  isDown: false,
  reason: '',
} as const;

function warn(
  instances: readonly Partial<RolloutInstance>[],
  launch: Parameters<typeof warningsOf>[1]['launch'] = null,
): string[] {
  const whole = instances.map((one, n) => anInstance(n, { previousKeyPairName: null, ...one }));
  return warningsOf({ instances: whole }, { launch });
}

function bound(effective: 'yes' | 'no' | 'unknown'): Partial<RolloutInstance> {
  return { attach: { kind: 'skipped', reason: 'already-attached', detail: '', effective } };
}

describe('warnings', () => {
  test('count what goes off, what is replaced, and what nobody knows', ({ expect }) => {
    const instances = [{ previousKeyPairName: 'old' }, {}, bound('unknown'), bound('no')];
    expect(warn(instances)).toEqual([
      'password login is turned off on 2 instances',
      'key pair old is replaced on 1 instance',
      '1 instance already has this key pair, but Latchkey cannot tell whether it is active: "restartAlreadyAttached": true restarts them',
      '1 instance already has this key pair, which works only after the next boot',
    ]);
  });

  test('say nothing of what is known to work', ({ expect }) => {
    expect(warn([bound('yes')])).toEqual([]);
  });

  test('count the members of scaling groups that are restarted', ({ expect }) => {
    const members = [
      { isScalingMember: true, restart: REBOOT },
      { isScalingMember: true },
      { restart: REBOOT },
    ];
    expect(warn(members)).toContain(
      'Auto Scaling may replace 1 instance after a restart: they are members of scaling groups',
    );
  });

  test('of a launch say that the key pair comes late, and nothing of scaling groups', ({
    expect,
  }) => {
    expect(warn([{ isScalingMember: true, restart: REBOOT }], aLaunch())).toEqual([
      'password login is turned off on 1 instance',
      'the key pair is attached after the first boot on 1 instance: cloud-init ran without it (docs/launch.md)',
    ]);
  });

  test.for([
    ['opted-out', 'their own tag forbids it'],
    ['not-approved', 'their own tag wants an approval, which this request does not ask for'],
    ['scaling-member', 'Auto Scaling may replace members of scaling groups that are down'],
    ['too-old', 'they were launched too long ago, or ECS does not say when'],
  ] as const)('name a restart that is withheld: %s', ([withheld, words], { expect }) => {
    expect(warn([{ withheld }])).toContain(`no restart on 1 instance: ${words}`);
  });

  test('advise no restart where the own tag is against it', ({ expect }) => {
    expect(warn([{ ...bound('unknown'), withheld: 'opted-out' }])).toEqual([
      'no restart on 1 instance: their own tag forbids it',
    ]);
  });
});

import { describe, test } from 'vitest';
import type { RolloutInstance } from '../../../../shared/domain/model/rollout.ts';
import { warningsOf } from '../../../../shared/domain/plan/warnings.ts';
import { aLaunch } from '../../../support/builders.ts';
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
      'password login goes off on 2 instances',
      'key pair old is replaced on 1 instance',
      'nobody knows whether the key works on 1 instance bound to it already: "restartAlreadyAttached": true restarts them',
      'the key does not work before the next boot on 1 instance bound to it already',
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
      'a restart can make Auto Scaling replace 1 instance: members of scaling groups',
    );
  });

  test('of a launch say that the key pair comes late, and nothing of scaling groups', ({
    expect,
  }) => {
    expect(warn([{ isScalingMember: true, restart: REBOOT }], aLaunch())).toEqual([
      'password login goes off on 1 instance',
      'the key pair comes after the first boot on 1 instance: cloud-init ran without it (docs/launch.md)',
    ]);
  });

  test.for([
    ['opted-out', 'their own tag is against it'],
    ['not-approved', 'their own tag wants an approval, and nobody is asked for one'],
    ['scaling-member', 'Auto Scaling can replace members of scaling groups for it'],
    ['too-old', 'they were launched too long ago, or ECS does not say when'],
  ] as const)('name a restart that is withheld: %s', ([withheld, words], { expect }) => {
    expect(warn([{ withheld }])).toContain(`no restart on 1 instance: ${words}`);
  });

  test('advise no restart where the own tag is against it', ({ expect }) => {
    expect(warn([{ ...bound('unknown'), withheld: 'opted-out' }])).toEqual([
      'no restart on 1 instance: their own tag is against it',
    ]);
  });
});

import { LatchkeyError } from '../../model/errors.ts';
import { noteOf } from '../../launch/launches.ts';
import type { Launch } from '../../model/launch.ts';
import type { LaunchRule } from '../../model/policy.ts';
import type { Ecs } from '../../model/ports.ts';
import { MAX_INSTANCES, type RolloutRequest } from '../../model/request.ts';

/** The rollout that a rule requests for launched instances. */
export function launchRequest(
  rule: LaunchRule,
  launches: readonly Launch[],
  regionId: string,
): RolloutRequest {
  const { replace, restartScalingMembers, restartYoungerThanSeconds } = rule;
  return {
    regionId,
    keyPairName: rule.keyPairName,
    instanceIds: launches.map(({ instanceId }) => instanceId),
    selector: null,
    restart: rule.restart ? 'auto' : 'never',
    startStopped: false,
    restartAlreadyAttached: false,
    // New instances serve no traffic yet, and the failure of one says nothing about the others.
    attach: 'now',
    maxUnavailable: '100%',
    ramp: 'none',
    groupBy: null,
    haltAfterFailures: MAX_INSTANCES,
    bakeSeconds: 0,
    readyTimeoutSeconds: 300,
    approveWithinSeconds: null,
    expectedPlanDigest: null,
    undoes: null,
    breakGlass: null,
    launch: { replace, restartScalingMembers, restartYoungerThanSeconds },
    dryRun: false,
    note: noteOf(launches),
  };
}

/** @throws {LatchkeyError} `forbidden` when the key pair of this name has another fingerprint than the rule */
export async function checkFingerprint(
  { name, keyPairName, fingerprint }: LaunchRule,
  ecs: Ecs,
): Promise<void> {
  if (fingerprint === null) return;
  const found = (await ecs.findKeyPair(keyPairName))?.fingerprint;
  if (found === fingerprint) return;
  const state =
    found === undefined ? 'it does not exist' : `its fingerprint is ${found}, not ${fingerprint}`;
  throw new LatchkeyError(
    'forbidden',
    `Cannot attach key pair "${keyPairName}" by launch rule "${name}": ${state}`,
  );
}

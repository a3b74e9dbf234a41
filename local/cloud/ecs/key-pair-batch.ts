import type { Spoil } from '../kernel/faults.ts';
import type { Answer } from './action.ts';
import { type EcsCloud, keyPairOf } from './cloud.ts';
import { refuse, vendorError } from './errors.ts';
import type { Instance } from './model/instance.ts';
import { jsonStrings, owner, requiredText } from './requests/parameters.ts';
import { successCode } from './power-batch.ts';

/** https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-attachkeypair */
const MAX_INSTANCES = 50;

/** What AttachKeyPair and DetachKeyPair have in common. */
export const keyPairBatchParameters = {
  ...owner,
  RegionId: requiredText,
  KeyPairName: requiredText,
  InstanceIds: requiredText,
} as const;

interface KeyPairBatch {
  readonly KeyPairName: string;
  /** A JSON array. */
  readonly InstanceIds: string;
}

/** Why one instance fails; undefined when it does not. */
type Failure = { readonly code: string; readonly message: string } | undefined;

/**
 * Invalid parameters, a missing key pair and too many instances refuse the whole call. An instance that
 * is not eligible fails on its own, in an answer with status 200. Not documented for ECS: an id given twice
 * counts once, and `TotalCount` counts the ids in the request (as in the product ENS).
 */
export function keyPairBatch(
  cloud: EcsCloud,
  spoil: Spoil,
  { KeyPairName, InstanceIds }: KeyPairBatch,
  change: {
    readonly failureOf: (instance: Instance) => Failure;
    readonly apply: (instance: Instance) => void;
  },
): Answer {
  const given = jsonStrings(InstanceIds);
  if (given === undefined || given.length === 0) {
    return refuse('InvalidInstanceIds.ValueNotSupported');
  }
  if (given.length > MAX_INSTANCES) return refuse('InstanceKeyPairLimitExceeded');
  keyPairOf(cloud, KeyPairName);
  const ids = [...new Set(given)];
  const { attachUnknownId } = cloud.kernel.settings.ecs;
  if (attachUnknownId === 'request' && ids.some((id) => cloud.fleet.find(id) === undefined)) {
    return refuse('InvalidInstanceIds.ValueNotSupported');
  }
  const results = ids.map((id) => {
    const instance = cloud.fleet.find(id);
    const failure = spoil.fail.get(id) ?? failureOf(instance, change.failureOf);
    if (failure === undefined && instance !== undefined) change.apply(instance);
    return { id, failure };
  });
  const shown = results.filter(({ id }) => !spoil.leaveOut.has(id));
  const failCount = shown.filter(({ failure }) => failure !== undefined).length;
  const asStrings = cloud.kernel.settings.ecs.answerTypes === 'strings';
  const inForm = <T extends number | boolean>(value: T) => (asStrings ? String(value) : value);
  return {
    KeyPairName,
    TotalCount: inForm(ids.length),
    FailCount: inForm(failCount),
    Results: {
      Result: shown.map(({ id, failure }) => ({
        Code: failure?.code ?? successCode(cloud),
        Message: failure?.message ?? 'successful',
        InstanceId: id,
        Success: inForm(failure === undefined),
      })),
    },
  };
}

function failureOf(instance: Instance | undefined, rule: (instance: Instance) => Failure): Failure {
  return instance === undefined
    ? vendorError('InvalidInstanceIds.ValueNotSupported')
    : rule(instance);
}

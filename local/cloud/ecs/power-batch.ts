import type { Spoil } from '../kernel/faults.ts';
import type { VendorError } from '../kernel/vendor-error.ts';
import type { Answer } from './action.ts';
import type { EcsCloud } from './cloud.ts';
import { EcsError, refuse, vendorError } from './errors.ts';
import type { Instance } from './model/instance.ts';
import type { Rule } from './model/rules.ts';
import { flag, listOf, ownerAccount, requiredText, text } from './requests/parameters.ts';

/** https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-rebootinstances */
const MAX_INSTANCES = 100;

/** What RebootInstances, StartInstances and StopInstances have in common. */
export const powerBatchParameters = {
  ...ownerAccount,
  RegionId: requiredText,
  InstanceId: listOf(text),
  BatchOptimization: text,
  DryRun: flag,
} as const;

interface PowerBatch {
  readonly instanceIds: readonly string[] | undefined;
  readonly optimization: string | undefined;
  readonly dryRun: boolean | undefined;
  readonly rule: Rule;
  readonly apply: (instance: Instance) => void;
}

/**
 * AllTogether (the default): one ineligible instance refuses the whole call. SuccessFirst: each instance
 * succeeds or fails on its own. Not documented: an id given twice counts once.
 */
export function powerBatch(cloud: EcsCloud, spoil: Spoil, batch: PowerBatch): Answer {
  const ids = checkedIds(batch.instanceIds);
  const together = batch.optimization ?? 'AllTogether';
  if (together !== 'AllTogether' && together !== 'SuccessFirst') {
    return refuse('InvalidParameter', 'BatchOptimization');
  }
  const verdicts = ids.map((id) => verdictOf(cloud, spoil, batch.rule, id));
  if (together === 'AllTogether') {
    for (const { error } of verdicts) if (error !== undefined) throw new EcsError(wholeCall(error));
  }
  // With SuccessFirst a dry run always succeeds.
  if (batch.dryRun === true) return refuse('DRYRUN.SUCCESS');
  const responses = verdicts.map(({ id, instance, error }) => {
    const before = instance?.status;
    if (error === undefined && instance !== undefined) batch.apply(instance);
    return {
      Code: error?.code ?? successCode(cloud),
      Message: error?.message ?? 'success',
      InstanceId: id,
      ...(before && { PreviousStatus: before, CurrentStatus: instance!.status }),
    };
  });
  return {
    InstanceResponses: {
      InstanceResponse: responses.filter(({ InstanceId }) => !spoil.leaveOut.has(InstanceId)),
    },
  };
}

function checkedIds(given: readonly string[] | undefined): string[] {
  if (given === undefined || given.length === 0) {
    throw new EcsError({
      ...vendorError('InvalidInstanceId.NotFound'),
      status: 403,
      message: 'InstanceId should not be null.',
    });
  }
  if (given.length > MAX_INSTANCES) refuse('InvalidParameter.TooManyInstanceIds');
  // What makes an id malformed is not documented: this form is our own choice.
  if (given.some((id) => !/^i-[\w-]+$/.test(id))) refuse('Abs.InvalidInstanceIds.MalFormed');
  return [...new Set(given)];
}

function verdictOf(cloud: EcsCloud, spoil: Spoil, rule: Rule, id: string) {
  const instance = cloud.fleet.find(id);
  return { id, instance, error: errorOf(spoil, rule, id, instance) };
}

function errorOf(
  spoil: Spoil,
  rule: Rule,
  id: string,
  instance: Instance | undefined,
): VendorError | undefined {
  const ordered = spoil.fail.get(id);
  // The status matters only when the whole call fails with it. Most such errors are 403.
  if (ordered !== undefined) return { status: 403, ...ordered };
  return instance === undefined ? vendorError('InvalidInstanceId.NotFound') : rule(instance);
}

/** When the whole call fails for a missing instance, the error code is in the plural. */
function wholeCall(error: VendorError): VendorError {
  const isMissing = error.code === 'InvalidInstanceId.NotFound';
  return isMissing ? vendorError('InvalidInstanceIds.NotFound') : error;
}

/** `Code` of a success: the declared type is a string, the example in the documents is a number. */
export function successCode(cloud: EcsCloud): string | number {
  return cloud.kernel.settings.ecs.answerTypes === 'strings' ? '200' : 200;
}

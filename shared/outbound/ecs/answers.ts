import * as v from 'valibot';
import type { InstanceId, KeyPair, Snapshot } from '../../domain/model/instance.ts';
import { once } from '../../lib/once.ts';
import type { CallAnswer, CallOutcome } from '../../domain/model/ports.ts';
import { redactText } from '../redact.ts';

/** The documentation shows numbers and booleans both as such and as strings. */
const FlexibleString = v.pipe(
  v.union([v.string(), v.number(), v.boolean()]),
  v.transform((value) => String(value)),
);
const FlexibleBoolean = v.pipe(
  v.union([v.boolean(), v.picklist(['true', 'false'])]),
  v.transform((value) => value === true || value === 'true'),
);

/** A schema that is made when it is first used. */
const lazily = <S extends v.GenericSchema>(make: () => S) => v.lazy(once(make));

/** One element of a batch answer. */
const ResultElement = lazily(() =>
  v.object({
    InstanceId: v.string(),
    Code: v.optional(FlexibleString),
    Message: v.optional(v.string(), ''),
    Success: v.optional(FlexibleBoolean),
  }),
);

/** https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-attachkeypair */
export const AttachAnswer = lazily(() =>
  v.pipe(
    v.object({ RequestId: v.string(), Results: v.object({ Result: v.array(v.unknown()) }) }),
    v.transform(({ RequestId, Results }) => ({ requestId: RequestId, elements: Results.Result })),
  ),
);

/**
 * https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-rebootinstances
 * https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-startinstances
 */
export const RestartAnswer = lazily(() =>
  v.pipe(
    v.object({
      RequestId: v.string(),
      InstanceResponses: v.object({ InstanceResponse: v.array(v.unknown()) }),
    }),
    v.transform(({ RequestId: requestId, InstanceResponses }) => {
      return { requestId, elements: InstanceResponses.InstanceResponse };
    }),
  ),
);

/**
 * One outcome for each requested id, in the order requested. It ignores elements that cannot be read or are
 * about other instances. Of several elements about one instance, the first counts.
 */
export function callAnswer(
  answer: { readonly requestId: string; readonly elements: readonly unknown[] },
  instanceIds: readonly InstanceId[],
): CallAnswer {
  const byId = new Map<InstanceId, CallOutcome>();
  for (const element of answer.elements) {
    const read = v.safeParse(ResultElement, element);
    if (!read.success || byId.has(read.output.InstanceId)) continue;
    byId.set(read.output.InstanceId, outcomeOf(read.output));
  }
  return {
    requestId: answer.requestId,
    outcomes: instanceIds.map(
      (instanceId) =>
        byId.get(instanceId) ?? { instanceId, kind: 'unknown', code: 'NoAnswerForInstance' },
    ),
  };
}

function outcomeOf(element: v.InferOutput<typeof ResultElement>): CallOutcome {
  const { InstanceId: instanceId, Code: code, Message: message, Success: success } = element;
  const codeSays = code === undefined ? undefined : code === '200';
  if (codeSays === undefined && success === undefined) {
    return { instanceId, kind: 'unknown', code: 'NoAnswerForInstance' };
  }
  if (codeSays !== undefined && success !== undefined && codeSays !== success) {
    return { instanceId, kind: 'unknown', code: 'AnswerContradictsItself' };
  }
  if (codeSays ?? success) return { instanceId, kind: 'done' };
  return {
    instanceId,
    kind: 'failed',
    code: code ?? 'NotSuccessful',
    message: redactText(message),
  };
}

/** https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinstances */
const DescribedInstance = lazily(() =>
  v.pipe(
    v.object({
      InstanceId: v.string(),
      InstanceName: v.optional(v.string(), ''),
      Status: v.picklist(['Pending', 'Starting', 'Running', 'Stopping', 'Stopped']),
      ZoneId: v.string(),
      VpcAttributes: v.nullish(v.object({ VpcId: v.nullish(v.string()) })),
      ResourceGroupId: v.nullish(v.string()),
      OSType: v.picklist(['linux', 'windows']),
      ImageId: v.optional(v.string(), ''),
      CreationTime: v.optional(v.string(), ''),
      IoOptimized: FlexibleBoolean,
      KeyPairName: v.nullish(v.string(), ''),
      OperationLocks: v.optional(
        v.object({ LockReason: v.optional(v.array(v.object({ LockReason: v.string() })), []) }),
      ),
      Tags: v.optional(
        v.object({
          Tag: v.optional(
            v.array(v.object({ TagKey: v.string(), TagValue: v.optional(v.string(), '') })),
            [],
          ),
        }),
      ),
    }),
    v.transform((it): Snapshot => ({
      instanceId: it.InstanceId,
      name: it.InstanceName,
      status: it.Status,
      zoneId: it.ZoneId,
      vpcId: it.VpcAttributes?.VpcId ?? '',
      resourceGroupId: it.ResourceGroupId ?? '',
      osType: it.OSType,
      ioOptimized: it.IoOptimized,
      keyPairName: it.KeyPairName === '' ? null : it.KeyPairName,
      locks: (it.OperationLocks?.LockReason ?? []).map(({ LockReason }) => LockReason),
      tags: Object.fromEntries(
        (it.Tags?.Tag ?? []).map(({ TagKey, TagValue }) => [TagKey, TagValue]),
      ),
      imageId: it.ImageId,
      createdAtMs: minuteMs(it.CreationTime),
    })),
  ),
);

/** ECS states times in UTC, to the minute: `2017-12-10T04:04Z`. */
function minuteMs(text: string): number | null {
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? null : atMs;
}

export const DescribeInstancesAnswer = lazily(() =>
  v.pipe(
    v.object({
      RequestId: v.string(),
      Instances: v.object({ Instance: v.array(DescribedInstance) }),
      NextToken: v.nullish(v.string(), ''),
    }),
    v.transform(({ RequestId, Instances, NextToken }) => ({
      requestId: RequestId,
      snapshots: Instances.Instance,
      /** '' on the last page. */
      nextToken: NextToken ?? '',
    })),
  ),
);

/** https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describekeypairs */
export const DescribeKeyPairsAnswer = lazily(() =>
  v.pipe(
    v.object({
      RequestId: v.string(),
      KeyPairs: v.object({
        KeyPair: v.array(v.object({ KeyPairName: v.string(), KeyPairFingerPrint: v.string() })),
      }),
    }),
    v.transform(({ RequestId, KeyPairs }) => ({
      requestId: RequestId,
      keyPairs: KeyPairs.KeyPair.map((it): KeyPair => ({
        name: it.KeyPairName,
        fingerprint: it.KeyPairFingerPrint,
      })),
    })),
  ),
);

import { AttachKeyPairRequest } from '@alicloud/ecs20140526/dist/models/AttachKeyPairRequest.js';
import {
  DescribeInstancesRequest,
  DescribeInstancesRequestTag,
} from '@alicloud/ecs20140526/dist/models/DescribeInstancesRequest.js';
import { DescribeKeyPairsRequest } from '@alicloud/ecs20140526/dist/models/DescribeKeyPairsRequest.js';
import { DetachKeyPairRequest } from '@alicloud/ecs20140526/dist/models/DetachKeyPairRequest.js';
import { RebootInstancesRequest } from '@alicloud/ecs20140526/dist/models/RebootInstancesRequest.js';
import { StartInstancesRequest } from '@alicloud/ecs20140526/dist/models/StartInstancesRequest.js';
import { LatchkeyError } from '../../domain/model/errors.ts';
import type { InstanceId, Snapshot } from '../../domain/model/instance.ts';
import { mapPool } from '../../lib/pool.ts';
import { type Ecs, type Log, MAX_DESCRIBE_IDS } from '../../domain/model/ports.ts';
import type { CredentialSource } from '../credentials.ts';
import {
  AttachAnswer,
  callAnswer,
  DescribeInstancesAnswer,
  DescribeKeyPairsAnswer,
  RestartAnswer,
} from './answers.ts';
import { EcsClient } from './client.ts';
import { ecsCalls, unreadable } from './calls.ts';
import { ecsEndpoint } from './endpoint.ts';
import { type InstanceFilter, MAX_FILTERED, selectInstances } from './select-instances.ts';

/** Time limit for connecting, and for a silence of ECS. Our own choice: a batch of 100 may need more than the SDK's 3 s. */
export const CALL_TIMEOUT_MS = 10_000;

/** The largest page of `DescribeKeyPairs`. */
const MAX_KEY_PAIRS = 50;

/** An id that no instance has, so that a call about it has no effect. */
const NO_INSTANCE = 'i-latchkeynobody0000';

/** Groups that are described at the same time: our own choice. */
const GROUPS_IN_FLIGHT = 4;

export interface EcsOptions {
  readonly regionId: string;
  /** A URL instead of the region's own endpoint. Plain http for a loopback host only. */
  readonly endpoint?: string | undefined;
  readonly credentials: CredentialSource;
  readonly nowMs: () => number;
  readonly log: Log;
  /** Default `CALL_TIMEOUT_MS`. */
  readonly timeoutMs?: number;
}

/**
 * ECS through the official SDK. A call that changes something is sent once, and never again. A describing
 * call is sent a second time when the connection is reset: that happens to a connection that was kept open
 * while the function was frozen.
 *
 * @throws {TypeError} for an endpoint that must not be used
 */
export function ecsOverSdk(options: EcsOptions): Ecs {
  const { regionId } = options;
  const client = new EcsClient({
    endpoint: ecsEndpoint(regionId, options.endpoint),
    regionId,
    credentials: options.credentials,
    timeoutMs: options.timeoutMs ?? CALL_TIMEOUT_MS,
  });
  const { call, ask } = ecsCalls(client, options);

  /** Every instance that passes the filter, in all states, page by page. */
  async function* pagesOf({ tags, ...filter }: InstanceFilter): AsyncGenerator<Snapshot[]> {
    const tag = Object.entries(tags ?? {}).map(
      ([key, value]) => new DescribeInstancesRequestTag({ key, value }),
    );
    const tokens = new Set<string>();
    let nextToken = '';
    do {
      const request = new DescribeInstancesRequest({
        regionId,
        ...filter,
        ...(tag.length === 0 ? {} : { tag }),
        maxResults: MAX_DESCRIBE_IDS,
        ...(nextToken === '' ? {} : { nextToken }),
      });
      const page = await ask('DescribeInstances', request, DescribeInstancesAnswer);
      yield page.snapshots;
      nextToken = page.nextToken;
      if (tokens.has(nextToken)) throw unreadable('DescribeInstances', 200);
      tokens.add(nextToken);
    } while (nextToken !== '');
  }

  /** @throws {LatchkeyError} `refused` when the group may have more instances than ECS lists */
  async function describeTagged(key: string, value: string): Promise<Snapshot[]> {
    const found: Snapshot[] = [];
    for await (const page of pagesOf({ tags: { [key]: value } })) {
      found.push(...page);
      if (found.length >= MAX_FILTERED) throw tooManyTagged(key, value);
    }
    return found;
  }

  const restartOf = (instanceIds: readonly InstanceId[]) => ({
    regionId,
    instanceId: [...instanceIds],
    // With the default, one failure fails the whole batch.
    batchOptimization: 'SuccessFirst',
  });

  return {
    describeInstances: async (instanceIds) => {
      if (instanceIds.length === 0) return [];
      const request = new DescribeInstancesRequest({
        regionId,
        instanceIds: JSON.stringify(instanceIds),
        // By default a page holds 10 instances, whatever the number of ids.
        maxResults: MAX_DESCRIBE_IDS,
      });
      const { snapshots } = await ask('DescribeInstances', request, DescribeInstancesAnswer);
      return snapshots;
    },

    describeGroup: async (tagKey, tagValues) => {
      const groups: Snapshot[][] = [];
      await mapPool([...new Set(tagValues)], GROUPS_IN_FLIGHT, async (value) => {
        const tagged = await describeTagged(tagKey, value);
        // No document says which instances pass a filter by an empty value.
        groups.push(tagged.filter(({ tags }) => tags[tagKey] === value));
      });
      // An instance can appear on two pages, because it can change between them. The later one is newer.
      const byId = new Map(groups.flat().map((snapshot) => [snapshot.instanceId, snapshot]));
      return [...byId.values()];
    },

    selectInstances: (selector, atMost) => selectInstances(pagesOf, selector, atMost),

    findKeyPair: async (keyPairName) => {
      const request = new DescribeKeyPairsRequest({
        regionId,
        keyPairName,
        pageSize: MAX_KEY_PAIRS,
      });
      const { keyPairs } = await ask('DescribeKeyPairs', request, DescribeKeyPairsAnswer);
      // In the filter `*` matches any text, so ECS may return a key pair with another name.
      return keyPairs.find(({ name }) => name === keyPairName);
    },

    attachKeyPair: async (keyPairName, instanceIds) => {
      const fields = { regionId, keyPairName, instanceIds: JSON.stringify(instanceIds) };
      const request = new AttachKeyPairRequest(fields);
      return callAnswer(await call('AttachKeyPair', request, AttachAnswer), instanceIds);
    },

    detachKeyPair: async (keyPairName, instanceIds) => {
      const fields = { regionId, keyPairName, instanceIds: JSON.stringify(instanceIds) };
      const request = new DetachKeyPairRequest(fields);
      return callAnswer(await call('DetachKeyPair', request, AttachAnswer), instanceIds);
    },

    rebootInstances: async (instanceIds) => {
      const fields = { ...restartOf(instanceIds), forceReboot: false };
      const request = new RebootInstancesRequest(fields);
      return callAnswer(await call('RebootInstances', request, RestartAnswer), instanceIds);
    },

    startInstances: async (instanceIds) => {
      const request = new StartInstancesRequest(restartOf(instanceIds));
      return callAnswer(await call('StartInstances', request, RestartAnswer), instanceIds);
    },

    rehearse: async (how) => {
      // No 'SuccessFirst' here: with it ECS answers that every dry run succeeds.
      const dryRun = { regionId, instanceId: [NO_INSTANCE], dryRun: true };
      const [action, request] =
        how === 'reboot'
          ? (['RebootInstances', new RebootInstancesRequest(dryRun)] as const)
          : (['StartInstances', new StartInstancesRequest(dryRun)] as const);
      try {
        await call(action, request, RestartAnswer, REHEARSED);
      } catch (error) {
        const isExpected =
          error instanceof LatchkeyError && REHEARSED.has(error.details.vendorCode ?? '');
        if (!isExpected) throw error;
      }
    },
  };
}

/**
 * Codes that say that the caller may restart instances: ECS went on to look for the instance. No document
 * states the order of its checks. Permissions are checked by the gateway, which comes first.
 * https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-rebootinstances
 */
const REHEARSED: ReadonlySet<string> = new Set([
  'DRYRUN.SUCCESS',
  'InvalidInstanceId.NotFound',
  'InvalidInstanceIds.NotFound',
]);

function tooManyTagged(key: string, value: string): LatchkeyError {
  const state = `it has ${MAX_FILTERED} instances or more, and ECS lists no more than that`;
  return new LatchkeyError('refused', `Cannot describe group "${key}=${value}": ${state}`);
}

import type { Model } from '@darabonba/typescript';
import { AttachKeyPairRequest } from '@alicloud/ecs20140526/dist/models/AttachKeyPairRequest.js';
import {
  DescribeInstancesRequest,
  DescribeInstancesRequestTag,
} from '@alicloud/ecs20140526/dist/models/DescribeInstancesRequest.js';
import { DescribeKeyPairsRequest } from '@alicloud/ecs20140526/dist/models/DescribeKeyPairsRequest.js';
import { DetachKeyPairRequest } from '@alicloud/ecs20140526/dist/models/DetachKeyPairRequest.js';
import { RebootInstancesRequest } from '@alicloud/ecs20140526/dist/models/RebootInstancesRequest.js';
import { StartInstancesRequest } from '@alicloud/ecs20140526/dist/models/StartInstancesRequest.js';
import * as v from 'valibot';
import { LatchkeyError } from '../../domain/model/errors.ts';
import type { Snapshot } from '../../domain/model/instance.ts';
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
import { type EcsAction, EcsClient } from './client.ts';
import { ecsEndpoint } from './endpoint.ts';
import { translate } from './errors.ts';
import { type InstanceFilter, MAX_FILTERED, selectInstances } from './select-instances.ts';

/** How long a call may take, and how long the other side may be silent. Our own choice: the SDK's 3 s is less than a batch of 100 may need. */
export const CALL_TIMEOUT_MS = 10_000;

/** Largest page of `DescribeKeyPairs`. */
const MAX_KEY_PAIRS = 50;

const NONE: ReadonlySet<string> = new Set();

/** An id that no instance has: a call about it can do nothing. */
const NOBODY = 'i-latchkeynobody0000';

/** Groups described at once: our own choice. */
const GROUPS_IN_FLIGHT = 4;

export interface EcsOptions {
  readonly regionId: string;
  /** A URL in place of the region's own endpoint; plain http for a loopback host only. */
  readonly endpoint?: string | undefined;
  readonly credentials: CredentialSource;
  readonly nowMs: () => number;
  readonly log: Log;
  /** Default `CALL_TIMEOUT_MS`. */
  readonly timeoutMs?: number;
}

/**
 * ECS through the official SDK. Calls that change something are sent once and never again;
 * describing is sent a second time when the connection is reset, for that is what a connection
 * kept open through a freeze does.
 *
 * @throws {TypeError} for an endpoint that must not be used
 */
export function ecsOverSdk(options: EcsOptions): Ecs {
  const { regionId, nowMs, log } = options;
  const client = new EcsClient({
    endpoint: ecsEndpoint(regionId, options.endpoint),
    regionId,
    credentials: options.credentials,
    timeoutMs: options.timeoutMs ?? CALL_TIMEOUT_MS,
  });

  /** @param expected codes of errors that are not worth a warning */
  async function call<S extends v.GenericSchema<unknown, { readonly requestId: string }>>(
    action: EcsAction,
    request: Model,
    answer: S,
    expected: ReadonlySet<string> = NONE,
  ): Promise<v.InferOutput<S>> {
    const sinceMs = nowMs();
    try {
      const { statusCode, body } = await client.rpc(action, request);
      const read = v.safeParse(answer, body);
      if (statusCode !== 200 || !read.success) throw unreadable(action, statusCode);
      const { requestId } = read.output;
      log('debug', 'ecs.answered', { action, requestId, tookMs: nowMs() - sinceMs });
      return read.output;
    } catch (cause) {
      const error = translate(action, cause, nowMs());
      const level = expected.has(error.details.vendorCode ?? '') ? 'debug' : 'warn';
      log(level, 'ecs.failed', { action, tookMs: nowMs() - sinceMs, error });
      throw error;
    }
  }

  /** For calls that change nothing. */
  async function ask<S extends v.GenericSchema<unknown, { readonly requestId: string }>>(
    action: EcsAction,
    request: Model,
    answer: S,
  ): Promise<v.InferOutput<S>> {
    try {
      return await call(action, request, answer);
    } catch (error) {
      const reset = error instanceof LatchkeyError && error.details.vendorCode === 'ECONNRESET';
      if (!reset) throw error;
      return call(action, request, answer);
    }
  }

  /** Everything that passes the filter, page by page, in all states. */
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

  /** @throws {LatchkeyError} `refused` when there may be more than the filter tells */
  async function describeTagged(key: string, value: string): Promise<Snapshot[]> {
    const found: Snapshot[] = [];
    for await (const page of pagesOf({ tags: { [key]: value } })) {
      found.push(...page);
      if (found.length >= MAX_FILTERED) throw tooManyTagged(key, value);
    }
    return found;
  }

  return {
    describeInstances: async (instanceIds) => {
      if (instanceIds.length === 0) return [];
      const request = new DescribeInstancesRequest({
        regionId,
        instanceIds: JSON.stringify(instanceIds),
        // Without it a page holds 10, whatever the number of ids.
        maxResults: MAX_DESCRIBE_IDS,
      });
      const { snapshots } = await ask('DescribeInstances', request, DescribeInstancesAnswer);
      return snapshots;
    },

    describeGroup: async (tagKey, tagValues) => {
      const groups: Snapshot[][] = [];
      await mapPool([...new Set(tagValues)], GROUPS_IN_FLIGHT, async (value) => {
        const tagged = await describeTagged(tagKey, value);
        // What a filter by an empty value lets through is not documented.
        groups.push(tagged.filter(({ tags }) => tags[tagKey] === value));
      });
      // While pages are read, an instance may come up on two of them. The later one is newer.
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
      // The filter takes `*` for any text, so what comes back may have another name.
      return keyPairs.find(({ name }) => name === keyPairName);
    },

    attachKeyPair: async (keyPairName, instanceIds) => {
      const request = new AttachKeyPairRequest({
        regionId,
        keyPairName,
        instanceIds: JSON.stringify(instanceIds),
      });
      return callAnswer(await call('AttachKeyPair', request, AttachAnswer), instanceIds);
    },

    detachKeyPair: async (keyPairName, instanceIds) => {
      const request = new DetachKeyPairRequest({
        regionId,
        keyPairName,
        instanceIds: JSON.stringify(instanceIds),
      });
      return callAnswer(await call('DetachKeyPair', request, AttachAnswer), instanceIds);
    },

    rebootInstances: async (instanceIds) => {
      const request = new RebootInstancesRequest({
        regionId,
        instanceId: [...instanceIds],
        forceReboot: false,
        // The default fails all for one.
        batchOptimization: 'SuccessFirst',
      });
      return callAnswer(await call('RebootInstances', request, RestartAnswer), instanceIds);
    },

    startInstances: async (instanceIds) => {
      const request = new StartInstancesRequest({
        regionId,
        instanceId: [...instanceIds],
        batchOptimization: 'SuccessFirst',
      });
      return callAnswer(await call('StartInstances', request, RestartAnswer), instanceIds);
    },

    rehearse: async (how) => {
      // Each for itself it would always be told that it may.
      const about = { regionId, instanceId: [NOBODY], dryRun: true };
      try {
        if (how === 'reboot') {
          await call(
            'RebootInstances',
            new RebootInstancesRequest(about),
            RestartAnswer,
            REHEARSED,
          );
        } else
          await call('StartInstances', new StartInstancesRequest(about), RestartAnswer, REHEARSED);
      } catch (error) {
        if (!isRehearsed(error)) throw error;
      }
    },
  };
}

function tooManyTagged(key: string, value: string): LatchkeyError {
  const state = `${MAX_FILTERED} instances or more, and ECS tells no more than that`;
  return new LatchkeyError('refused', `Cannot describe group "${key}=${value}": ${state}`);
}

/**
 * ECS got as far as looking for the instance, so it let the caller in. The document does not say in which
 * order it checks; permissions are the gateway's, which comes first.
 * https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-rebootinstances
 */
const REHEARSED: ReadonlySet<string> = new Set([
  'DRYRUN.SUCCESS',
  'InvalidInstanceId.NotFound',
  'InvalidInstanceIds.NotFound',
]);

function isRehearsed(error: unknown): boolean {
  return error instanceof LatchkeyError && REHEARSED.has(error.details.vendorCode ?? '');
}

/** The SDK takes a redirect and `{}` for success; neither says what was done. */
function unreadable(action: EcsAction, statusCode: number): LatchkeyError {
  return new LatchkeyError(
    'unavailable',
    `Cannot ${action}: the answer cannot be read (HTTP status ${statusCode})`,
  );
}

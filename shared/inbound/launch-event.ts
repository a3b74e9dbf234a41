import * as v from 'valibot';
import { LatchkeyError } from '../domain/errors.ts';
import type { InstanceId } from '../domain/instance.ts';
import { decoded, elementsOf, type Fields, fieldsOf, textOf } from './event-payload.ts';
import { eventTimeMs } from './event-time.ts';
import { INSTANCE_ID } from './names.ts';
import { jsonOf } from './parse.ts';
import { unreadable } from './unreadable.ts';

/** What wakes the function `launch`. */
export type LaunchEvent =
  | {
      readonly kind: 'launch';
      /** The same for every delivery of the same event, and for no other event. */
      readonly key: string;
      readonly regionId: string;
      readonly instanceIds: readonly InstanceId[];
      /** Who launched them, for people to read: no proof of anything. */
      readonly launchedBy: string;
      readonly eventName: string;
      readonly atMs: number;
    }
  | { readonly kind: 'ignored'; readonly why: string };

const LAUNCHES: ReadonlySet<string> = new Set(['RunInstances', 'CreateInstance']);
/** A launch in the console comes as the second. */
const KINDS: ReadonlySet<string> = new Set(['ApiCall', 'ConsoleOperation']);
/** Where an event without its envelope comes from. */
const SOURCE = 'acs.ecs';

/** What a launch must have to be told from others: https://www.alibabacloud.com/help/doc-detail/204963.htm */
const Identified = v.object({
  id: v.pipe(v.string(), v.nonEmpty()),
  regionId: v.pipe(v.string(), v.nonEmpty()),
  atMs: v.number(),
});

/**
 * Reads an event of ActionTrail, in every shape that EventBridge is known to deliver it.
 *
 * @throws {LatchkeyError} `bad-request` when it is not JSON, is several events at once, or is a
 * launch without id, region or time: then nobody could tell a repetition, so it must be seen
 */
export function readLaunchEvent(bytes: Uint8Array): LaunchEvent {
  const elements = elementsOf(jsonOf(bytes, 'the launch event'));
  if (elements.length !== 1) {
    const state = `${elements.length} events at once`;
    throw new LatchkeyError('bad-request', `Cannot read the launch event: ${state}`);
  }
  const event = fieldsOf(elements[0]);
  // Without its envelope an event is the record itself.
  const record = event['data'] === undefined ? event : fieldsOf(decoded(event['data']));

  const kind = textOf(record['eventType']) ?? String(event['type']).split(':').at(-1) ?? '';
  const eventName = String(record['eventName']);
  if (!KINDS.has(kind)) return { kind: 'ignored', why: `a ${kind} is no launch` };
  if (!LAUNCHES.has(eventName)) return { kind: 'ignored', why: `${eventName} is no launch` };
  const errorCode = textOf(record['errorCode']);
  if (errorCode !== undefined) {
    return { kind: 'ignored', why: `${eventName} failed with ${errorCode}` };
  }
  const instanceIds = instanceIdsOf(record);
  if (instanceIds.length === 0) {
    return { kind: 'ignored', why: `${eventName} names no instance` };
  }
  const read = v.safeParse(Identified, {
    id: textOf(event['id']) ?? record['eventId'],
    regionId: textOf(record['acsRegion']) ?? event['aliyunregionid'],
    atMs: eventTimeMs(record['eventTime']) ?? eventTimeMs(event['time']),
  });
  if (!read.success) throw unreadable('the launch event', read.issues[0]);
  const { id, regionId, atMs } = read.output;
  const key = `${textOf(event['source']) ?? SOURCE}/${id}`;
  const launchedBy = launchedByOf(record);
  return { kind: 'launch', key, regionId, instanceIds, launchedBy, eventName, atMs };
}

/** From every place that a record is known to name them, each once. */
function instanceIdsOf(record: Fields): InstanceId[] {
  const response = fieldsOf(decoded(record['responseElements']));
  const resources = fieldsOf(decoded(record['referencedResources']));
  const named = [
    fieldsOf(response['InstanceIdSets'])['InstanceIdSet'],
    response['InstanceId'],
    resources['ACS::ECS::Instance'],
    // As records were written until about 2020.
    resources['Instance'],
  ].flat();
  return [...new Set(named)].filter(
    (id): id is InstanceId => typeof id === 'string' && INSTANCE_ID.test(id),
  );
}

function launchedByOf(record: Fields): string {
  const { userName, principalId, accountId, type } = fieldsOf(decoded(record['userIdentity']));
  return textOf(userName) ?? textOf(principalId) ?? textOf(accountId) ?? textOf(type) ?? 'unknown';
}

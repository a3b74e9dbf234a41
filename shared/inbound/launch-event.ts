import * as v from 'valibot';
import { LatchkeyError } from '../domain/model/errors.ts';
import type { InstanceId } from '../domain/model/instance.ts';
import type { LaunchSource } from '../domain/model/launch.ts';
import { decoded, elementsOf, type Fields, fieldsOf, textOf } from '../lib/json-fields.ts';
import { eventTimeMs } from './event-time.ts';
import { launcherOf, type LaunchParameters, launchParametersOf } from './launch-parameters.ts';
import { INSTANCE_ID } from '../contract/names.ts';
import { jsonOf } from '../contract/parse.ts';
import { readStateChange } from './state-change.ts';
import { unreadable } from './unreadable.ts';

/** The event of the function `launch`. */
export type LaunchEvent =
  | {
      readonly kind: 'launch';
      readonly source: LaunchSource;
      /** Source and id: identifies the event over all its deliveries. */
      readonly key: string;
      readonly regionId: string;
      /** null: the event has no account. */
      readonly accountId: string | null;
      readonly instanceIds: readonly InstanceId[];
      /** Every name of the caller, the most readable first; null: only ActionTrail records it. */
      readonly launchedBy: readonly string[] | null;
      /** The caller's RAM role; null without a role, and without a caller. */
      readonly roleName: string | null;
      /** null: only ActionTrail records them, and not always. */
      readonly parameters: LaunchParameters | null;
      readonly eventName: string;
      readonly atMs: number;
    }
  | { readonly kind: 'ignored'; readonly why: string };

const LAUNCHES: ReadonlySet<string> = new Set(['RunInstances', 'CreateInstance']);
/** `ConsoleOperation` is a launch in the console. */
const KINDS: ReadonlySet<string> = new Set(['ApiCall', 'ConsoleOperation']);

/**
 * `Created` is sent once for each instance. An older page of CloudMonitor calls the same state
 * `Pending`: https://www.alibabacloud.com/help/en/ecs/user-guide/system-event-notifications
 */
export const BEGINNINGS: ReadonlySet<string> = new Set(['Created', 'Pending']);

/** https://www.alibabacloud.com/help/en/eventbridge/user-guide/auto-scaling-events */
const SCALE_OUTS: ReadonlySet<string> = new Set([
  'ess:ScalingActivity:ScaleOutSuccess',
  'ess:ScalingActivity:ScaleOutPartialSuccess',
]);

/** What identifies a launch: https://www.alibabacloud.com/help/doc-detail/204963.htm */
const Identified = v.object({
  id: v.pipe(v.string(), v.nonEmpty(), v.maxLength(256)),
  regionId: v.pipe(v.string(), v.nonEmpty(), v.maxLength(64)),
  atMs: v.number(),
});

/**
 * Reads an event of ActionTrail, ECS or Auto Scaling, in every known shape of EventBridge.
 *
 * @throws {LatchkeyError} `bad-request` when it is not JSON, when it is several events at once, and for a launch
 * without id, region or time: a repetition of it could not be recognized
 */
export function readLaunchEvent(bytes: Uint8Array): LaunchEvent {
  const elements = elementsOf(jsonOf(bytes, 'the launch event'));
  if (elements.length !== 1) {
    const state = `${elements.length} events at once`;
    throw new LatchkeyError('bad-request', `Cannot read the launch event: ${state}`);
  }
  const event = fieldsOf(elements[0]);
  // An event without an envelope consists of the data alone.
  const data = event['data'] === undefined ? event : fieldsOf(decoded(event['data']));
  if (SCALE_OUTS.has(String(event['type']))) return scaleOut(event, data);
  const change = readStateChange(elements[0]);
  switch (change.kind) {
    case 'none':
      return recorded(event, data);
    case 'broken':
      throw new LatchkeyError('bad-request', `Cannot read the launch event: ${change.why}`);
    case 'state-change':
      if (!BEGINNINGS.has(change.state)) return ignored(`${change.state} is no launch`);
      return {
        kind: 'launch',
        source: 'state-change',
        ...identified(event, data, change.atMs),
        accountId: accountOf(event, data),
        instanceIds: [change.instanceId],
        ...NO_CALLER,
        eventName: change.state,
      };
  }
}

/** ActionTrail: https://alibabacloud.com/help/en/eventbridge/user-guide/actiontrail-events */
function recorded(event: Fields, record: Fields): LaunchEvent {
  const kind = textOf(record['eventType']) ?? String(event['type']).split(':').at(-1) ?? '';
  const eventName = String(record['eventName']);
  if (!KINDS.has(kind)) return ignored(`a ${kind} is no launch`);
  if (!LAUNCHES.has(eventName)) return ignored(`${eventName} is no launch`);
  const errorCode = textOf(record['errorCode']);
  if (errorCode !== undefined) return ignored(`${eventName} failed with ${errorCode}`);
  const instanceIds = idsIn(launchedPlaces(record));
  if (instanceIds.length === 0) return ignored(`${eventName} names no instance`);
  const launcher = launcherOf(record);
  return {
    kind: 'launch',
    source: 'action-trail',
    ...identified(event, record, eventTimeMs(record['eventTime'])),
    accountId: accountOf(event, record),
    instanceIds,
    launchedBy: launcher?.names ?? null,
    roleName: launcher?.roleName ?? null,
    parameters: launchParametersOf(record),
    eventName,
  };
}

/** The known places of the launched instances in a record. */
function launchedPlaces(record: Fields): unknown[] {
  const response = fieldsOf(decoded(record['responseElements']));
  const resources = fieldsOf(decoded(record['referencedResources']));
  return [
    fieldsOf(response['InstanceIdSets'])['InstanceIdSet'],
    response['InstanceId'],
    resources['ACS::ECS::Instance'],
    // In records until about 2020.
    resources['Instance'],
  ];
}

/**
 * The types of these events are documented, but not the fields of their `data`. So the ids are searched under
 * the names that the API and other events of Alibaba Cloud use for them.
 */
function scaleOut(event: Fields, data: Fields): LaunchEvent {
  const eventName = String(event['type']).split(':').at(-1)!;
  const contents = [data, fieldsOf(decoded(data['content'])), fieldsOf(decoded(data['Content']))];
  const places = contents.flatMap((one) => SCALED_NAMES.map((name) => decoded(one[name])));
  const instanceIds = idsIn(places);
  if (instanceIds.length === 0) return ignored(`${eventName} names no instance`);
  return {
    kind: 'launch',
    source: 'auto-scaling',
    ...identified(event, data, eventTimeMs(data['eventTime'])),
    accountId: accountOf(event, data),
    instanceIds,
    ...NO_CALLER,
    eventName,
  };
}

const SCALED_NAMES = [
  'instanceIds',
  'InstanceIds',
  'instanceId',
  'InstanceId',
  'createdInstanceIds',
  'CreatedInstanceIds',
  'createdInstances',
  'CreatedInstances',
];

/** Without duplicates, in the order found. */
function idsIn(places: readonly unknown[]): InstanceId[] {
  return [...new Set(places.flat())].filter(
    (id): id is InstanceId => typeof id === 'string' && INSTANCE_ID.test(id),
  );
}

const NO_CALLER = { launchedBy: null, roleName: null, parameters: null } as const;

/** The source of an event without an envelope. */
const SOURCE = 'acs.ecs';

function identified(event: Fields, data: Fields, atMs: number | undefined) {
  const read = v.safeParse(Identified, {
    id: textOf(event['id']) ?? data['eventId'],
    regionId: textOf(data['acsRegion']) ?? textOf(data['regionId']) ?? event['aliyunregionid'],
    atMs: atMs ?? eventTimeMs(event['time']),
  });
  if (!read.success) throw unreadable('the launch event', read.issues[0]);
  const { id, regionId, atMs: at } = read.output;
  const source = textOf(event['source'])?.slice(0, MAX_SOURCE_LENGTH) ?? SOURCE;
  return { key: `${source}/${id}`, regionId, atMs: at };
}

/** https://help.aliyun.com/document_detail/163289.html */
const MAX_SOURCE_LENGTH = 128;

/** The owner of the instances: in ActionTrail, the recipient of the record. */
function accountOf(event: Fields, data: Fields): string | null {
  const { accountId } = fieldsOf(decoded(data['userIdentity']));
  const candidates = [
    data['recipientAccountId'],
    event['aliyunaccountid'],
    data['userId'],
    accountId,
  ];
  const account = candidates.map(textOf).find((text) => text !== undefined);
  return account?.slice(0, MAX_ACCOUNT_LENGTH) ?? null;
}

/** Our own choice: every sample has 16 digits. */
const MAX_ACCOUNT_LENGTH = 32;

function ignored(why: string): LaunchEvent {
  return { kind: 'ignored', why: why.slice(0, MAX_WHY_LENGTH) };
}

/** Our own choice: the reason contains words of the event and is logged. */
const MAX_WHY_LENGTH = 200;

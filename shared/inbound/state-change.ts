import * as v from 'valibot';
import { decoded, fieldsOf } from '../lib/json-fields.ts';
import { eventTimeMs } from './event-time.ts';
import { InstanceIdText } from '../contract/names.ts';
import { whyUnreadable } from './unreadable.ts';

/** `ecs:Instance:StateChange`: https://www.alibabacloud.com/help/en/ecs/user-guide/system-event-notifications */
const Change = v.object({
  instanceId: InstanceIdText,
  state: v.picklist([
    'Created',
    'Pending',
    'Starting',
    'Running',
    'Stopping',
    'Stopped',
    'Deleted',
  ]),
  /** When it happened, often rounded down to the second. */
  atMs: v.number(),
});

export type StateChange = Readonly<v.InferOutput<typeof Change>>;

/** Reads a state change of an instance. `none`: the event is of another kind. */
export function readStateChange(
  element: unknown,
):
  | { readonly kind: 'none' }
  | { readonly kind: 'broken'; readonly why: string }
  | ({ readonly kind: 'state-change' } & StateChange) {
  const event = fieldsOf(element);
  // An event without an envelope consists of the data alone.
  const data = event['data'] === undefined ? event : fieldsOf(decoded(event['data']));
  if (!isStateChange(event['type'], data)) return { kind: 'none' };
  // CloudMonitor has the same three fields one level deeper, in `content`.
  const content = data['content'] === undefined ? data : fieldsOf(decoded(data['content']));
  const read = v.safeParse(Change, {
    instanceId: content['resourceId'],
    state: content['state'],
    atMs: eventTimeMs(data['eventTime']) ?? eventTimeMs(event['time']),
  });
  if (read.success) return { kind: 'state-change', ...read.output };
  return { kind: 'broken', why: `a state change: ${whyUnreadable(read.issues[0])}` };
}

function isStateChange(type: unknown, data: Readonly<Record<string, unknown>>): boolean {
  return (
    type === 'ecs:Instance:StateChange' ||
    (data['product'] === 'ECS' && data['name'] === 'Instance:StateChange') ||
    data['resourceType'] === 'ALIYUN::ECS::Instance'
  );
}

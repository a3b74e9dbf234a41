import * as v from 'valibot';
import type { MessageOf } from '../../domain/model/messages.ts';
import { InstanceIdText } from '../names.ts';

const SCHEMA = 'latchkey.launch/1';

export function launchEntries() {
  /** Longest text: our own choice, longer than any that `launch` sends. */
  const text = v.pipe(v.string(), v.maxLength(400));
  const texts = v.nullable(v.pipe(v.array(text), v.maxLength(20)));
  const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
  return {
    instanceId: InstanceIdText,
    regionId: text,
    accountId: v.nullable(text),
    launchedBy: texts,
    launchTemplates: texts,
    eventKey: text,
    eventName: text,
    source: v.picklist(['action-trail', 'state-change', 'auto-scaling']),
    /** Milliseconds since the epoch. */
    atMs: count,
    lastCall: v.boolean(),
    tries: v.optional(count, 0),
  };
}

export const launchSchema = () => v.object({ schema: v.literal(SCHEMA), ...launchEntries() });

/** For a function that sends nothing else. */
export const launchBodies = ({ launch }: MessageOf<'launch'>) => [
  JSON.stringify({ schema: SCHEMA, ...launch }),
];

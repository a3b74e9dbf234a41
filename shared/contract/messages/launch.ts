import * as v from 'valibot';
import type { MessageOf } from '../../domain/model/messages.ts';
import { InstanceIdText } from '../names.ts';

const SCHEMA = 'latchkey.launch/1';

/** Longest text of a launch: our own choice, longer than any that `launch` sends. */
const LaunchText = v.pipe(v.string(), v.maxLength(400));
const LaunchTexts = v.nullable(v.pipe(v.array(LaunchText), v.maxLength(20)));
const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const launchEntries = () => ({
  instanceId: InstanceIdText,
  regionId: LaunchText,
  accountId: v.nullable(LaunchText),
  launchedBy: LaunchTexts,
  launchTemplates: LaunchTexts,
  eventKey: LaunchText,
  eventName: LaunchText,
  source: v.picklist(['action-trail', 'state-change', 'auto-scaling']),
  /** Milliseconds since the epoch. */
  atMs: Count,
  lastCall: v.boolean(),
  tries: v.optional(Count, 0),
});

export const launchSchema = () =>
  v.pipe(
    v.object({ schema: v.literal(SCHEMA), ...launchEntries() }),
    v.transform(({ schema: _schema, ...launch }): MessageOf<'launch'> => ({
      kind: 'launch',
      launch,
    })),
  );

export const launchBody = ({ launch }: MessageOf<'launch'>) => ({ schema: SCHEMA, ...launch });

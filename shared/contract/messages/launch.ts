import * as v from 'valibot';
import type { MessageOf } from '../../domain/model/messages.ts';
import { InstanceIdText } from '../names.ts';

const SCHEMA = 'latchkey.launch/1';

/** Milliseconds since the epoch. */
const Moment = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Longest text of a launch: our own choice, longer than any that `launch` sends. */
const LaunchText = v.pipe(v.string(), v.maxLength(400));
const LaunchTexts = v.nullable(v.pipe(v.array(LaunchText), v.maxLength(20)));

export const launchEntries = {
  instanceId: InstanceIdText,
  regionId: LaunchText,
  accountId: v.nullable(LaunchText),
  launchedBy: LaunchTexts,
  launchTemplates: LaunchTexts,
  eventKey: LaunchText,
  eventName: LaunchText,
  source: v.picklist(['action-trail', 'state-change', 'auto-scaling']),
  atMs: Moment,
  lastCall: v.boolean(),
  tries: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0)), 0),
};

export const Launch = v.pipe(
  v.object({ schema: v.literal(SCHEMA), ...launchEntries }),
  v.transform(({ schema: _schema, ...launch }): MessageOf<'launch'> => ({
    kind: 'launch',
    launch,
  })),
);

export const launchBody = ({ launch }: MessageOf<'launch'>) => ({ schema: SCHEMA, ...launch });

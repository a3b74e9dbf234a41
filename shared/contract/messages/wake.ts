import * as v from 'valibot';
import type { MessageOf } from '../../domain/model/messages.ts';
import { RolloutIdText } from '../names.ts';

const SCHEMA = 'latchkey.wake/1';

export const wakeSchema = () =>
  v.pipe(
    v.object({ schema: v.literal(SCHEMA), rolloutId: RolloutIdText }),
    v.transform(({ rolloutId }): MessageOf<'wake'> => ({ kind: 'wake', rolloutId })),
  );

export const wakeBody = ({ rolloutId }: MessageOf<'wake'>) => ({ schema: SCHEMA, rolloutId });

import * as v from 'valibot';
import type { MessageOf } from '../../domain/model/messages.ts';
import { RolloutIdText } from '../names.ts';

const SCHEMA = 'latchkey.card/1';

export const cardSchema = () =>
  v.pipe(
    v.object({ schema: v.literal(SCHEMA), rolloutId: RolloutIdText }),
    v.transform(({ rolloutId }): MessageOf<'card'> => ({ kind: 'card', rolloutId })),
  );

export const cardBody = ({ rolloutId }: MessageOf<'card'>) => ({ schema: SCHEMA, rolloutId });

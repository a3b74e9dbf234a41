import * as v from 'valibot';
import { RolloutIdText } from '../names.ts';

export const cardSchema = () =>
  v.object({ schema: v.literal('latchkey.card/1'), rolloutId: RolloutIdText });

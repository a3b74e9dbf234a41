import * as v from 'valibot';
import { RolloutIdText } from '../names.ts';

export const wakeSchema = () =>
  v.object({ schema: v.literal('latchkey.wake/1'), rolloutId: RolloutIdText });

import * as v from 'valibot';
import { count, ms } from './answer-parts.ts';

export const StopAnswer = v.strictObject({
  stop: v.nullable(v.strictObject({ by: v.string(), atMs: ms('Since then.'), reason: v.string() })),
  openRollouts: count('Not done, held or not.'),
});

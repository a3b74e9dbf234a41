import * as v from 'valibot';
import type { MessageOf } from '../../domain/model/messages.ts';
import { InstanceIdText, RolloutIdText } from '../names.ts';

const SCHEMA = 'latchkey.result/1';

/** A later version may send more fields than these. */
export const resultSchema = () =>
  v.pipe(
    v.object({
      schema: v.literal(SCHEMA),
      rolloutId: RolloutIdText,
      regionId: v.string(),
      keyPairName: v.nullable(v.string()),
      instanceId: InstanceIdText,
      outcome: v.looseObject({
        kind: v.picklist(['attached', 'failed', 'skipped', 'unknown', 'waiting']),
      }),
      next: v.picklist(['reboot', 'start', 'none']),
      attachedAtMs: v.exactOptional(v.number()),
    }),
    v.transform(({ schema: _schema, ...result }): MessageOf<'result'> => ({
      kind: 'result',
      result,
    })),
  );

export const resultBody = ({ result }: MessageOf<'result'>) => ({ schema: SCHEMA, ...result });

import * as v from 'valibot';
import type { MessageOf } from '../../domain/model/messages.ts';

const SCHEMA = 'latchkey.probe/1';

export const probeSchema = () =>
  v.pipe(
    v.object({
      schema: v.literal(SCHEMA),
      id: v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]{1,64}$/)),
    }),
    v.transform(({ id }): MessageOf<'probe'> => ({ kind: 'probe', id })),
  );

export const probeBody = ({ id }: MessageOf<'probe'>) => ({ schema: SCHEMA, id });

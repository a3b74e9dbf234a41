import * as v from 'valibot';

export const probeSchema = () =>
  v.object({
    schema: v.literal('latchkey.probe/1'),
    id: v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]{1,64}$/)),
  });

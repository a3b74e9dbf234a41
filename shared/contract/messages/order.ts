import * as v from 'valibot';
import type { MessageOf } from '../../domain/model/messages.ts';
import { OrderFields } from '../order-fields.ts';

const SCHEMA = 'latchkey.order/1';

/** Strict: what is not understood must not be done. */
export const Order = v.pipe(
  v.strictObject({ schema: v.literal(SCHEMA), ...OrderFields }),
  v.transform(({ schema: _schema, ...order }): MessageOf<'order'> => ({ kind: 'order', order })),
);

export const orderBody = ({ order }: MessageOf<'order'>) => ({ schema: SCHEMA, ...order });

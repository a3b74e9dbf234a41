import { LatchkeyError } from '../../domain/model/errors.ts';

/** https://help.aliyun.com/en/mns/developer-reference/batchsendmessage */
export const MAX_BATCH_MESSAGES = 16;
/**
 * Of one message, and of all messages of a batch together. Taken to be of the body as it is sent,
 * which is in base64: the stricter of the two readings.
 */
export const MAX_BATCH_BYTES = 65_536;
/** https://help.aliyun.com/document_detail/128343.html */
export const MAX_DELAY_SECONDS = 604_800;

/** JSON text on its way to a queue. */
export interface TextMessage {
  readonly body: string;
  readonly delaySeconds: number;
}

export interface WireMessage {
  /** Where the message stood in what was to be sent. */
  readonly index: number;
  /** Base64 of the body in UTF-8. */
  readonly body: string;
  readonly delaySeconds: number;
}

export interface Batches {
  readonly batches: readonly (readonly WireMessage[])[];
  readonly tooLarge: readonly { readonly index: number; readonly error: LatchkeyError }[];
}

/**
 * Packs messages, in their order, into as few batches as that order allows.
 *
 * @throws {RangeError} for a delay that SMQ does not take
 */
export function batchesOf(messages: readonly TextMessage[]): Batches {
  const batches: WireMessage[][] = [];
  const tooLarge: { index: number; error: LatchkeyError }[] = [];
  let bytes = 0;
  messages.forEach((message, index) => {
    const { delaySeconds } = message;
    if (!Number.isInteger(delaySeconds) || delaySeconds < 0 || delaySeconds > MAX_DELAY_SECONDS) {
      throw new RangeError(
        `Cannot delay a message by "${delaySeconds}": not whole seconds from 0 to ${MAX_DELAY_SECONDS}`,
      );
    }
    const body = Buffer.from(message.body, 'utf8').toString('base64');
    if (body.length > MAX_BATCH_BYTES) {
      const why = `${body.length} bytes in base64, more than ${MAX_BATCH_BYTES}`;
      const error = new LatchkeyError('too-large', `Cannot send message "${index}": ${why}`);
      tooLarge.push({ index, error });
      return;
    }
    let batch = batches.at(-1);
    if (
      batch === undefined ||
      batch.length === MAX_BATCH_MESSAGES ||
      bytes + body.length > MAX_BATCH_BYTES
    ) {
      batch = [];
      batches.push(batch);
      bytes = 0;
    }
    batch.push({ index, body, delaySeconds });
    bytes += body.length;
  });
  return { batches, tooLarge };
}

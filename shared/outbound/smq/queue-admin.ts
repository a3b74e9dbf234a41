import { LatchkeyError } from '../../domain/model/errors.ts';
import { smqCaller, type SmqOptions } from './call.ts';
import { type SmqAction, smqAnswer, smqFailure, smqUnreadable } from './errors.ts';
import { childText, smqDocument, type XmlElement } from './xml.ts';

/** Our own choice: a queue's attributes are less than 2 KB. */
const MAX_ANSWER_BYTES = 65_536;

/** The attributes that a deployment sets: https://www.alibabacloud.com/help/doc-detail/34088.htm */
export interface QueueAttributes {
  /** For messages without a delay of their own. */
  readonly DelaySeconds: number;
  /** Bytes, 1,024 to 65,536. */
  readonly MaximumMessageSize: number;
  /** Seconds, 60 to 604,800. */
  readonly MessageRetentionPeriod: number;
  /** Seconds for which a received message is hidden from other receivers, 1 to 43,200. */
  readonly VisibilityTimeout: number;
  /** 0 to 30. */
  readonly PollingWaitSeconds: number;
}

const NAMES = [
  'DelaySeconds',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'VisibilityTimeout',
  'PollingWaitSeconds',
] as const satisfies readonly (keyof QueueAttributes)[];

/**
 * Creates and changes one queue, for deployments only. Every method makes one call, is safe to repeat, and
 * rejects with `LatchkeyError`.
 *
 * It cannot set a dead-letter policy for the queue: API version 2015-06-06 has no element for it. Latchkey's
 * triggers have their own dead-letter queues.
 */
export interface QueueAdmin {
  /** undefined when there is no such queue. */
  describe(): Promise<QueueAttributes | undefined>;
  /** @throws {LatchkeyError} `refused` when the queue exists with other attributes */
  create(attributes: QueueAttributes): Promise<void>;
  /** Keeps the messages. */
  change(attributes: QueueAttributes): Promise<void>;
  /** Removes the queue with all its messages. */
  remove(): Promise<void>;
}

/** @throws {TypeError} for an endpoint or a queue name that cannot be used */
export function queueAdmin(options: SmqOptions): QueueAdmin {
  const { queueName } = options;
  const call = smqCaller(options, MAX_ANSWER_BYTES);

  /** @returns the root of the answer; undefined for an empty one. @throws {LatchkeyError} for another status */
  async function ask(
    method: 'GET' | 'PUT' | 'DELETE',
    action: SmqAction,
    expected: readonly number[],
    more: { readonly query?: string; readonly document?: string } = {},
  ): Promise<XmlElement | undefined> {
    const { query: below = '', document = '' } = more;
    const answer = smqAnswer(await call({ method, below, document }), queueName, action);
    if (expected.includes(answer.status) && answer.root?.name !== 'Error') return answer.root;
    throw smqFailure(answer, queueName, action);
  }

  return {
    async describe() {
      try {
        const root = await ask('GET', 'read', [200]);
        if (root?.name !== 'Queue') throw smqUnreadable(queueName, 'read', 'it holds no queue');
        return attributesIn(root, queueName);
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    async create(attributes) {
      await ask('PUT', 'create', [201, 204], { document: documentFor(attributes) });
    },
    async change(attributes) {
      const query = '?metaoverride=true';
      await ask('PUT', 'change', [204], { query, document: documentFor(attributes) });
    },
    async remove() {
      try {
        await ask('DELETE', 'remove', [204]);
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    },
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof LatchkeyError && error.details.vendorCode === 'QueueNotExist';
}

function documentFor(attributes: QueueAttributes): string {
  const elements = NAMES.map((name) => `<${name}>${attributes[name]}</${name}>`).join('');
  return smqDocument('Queue', elements);
}

function attributesIn(root: XmlElement, queueName: string): QueueAttributes {
  const values = NAMES.map((name) => {
    const value = Number(childText(root, name) ?? Number.NaN);
    if (Number.isSafeInteger(value)) return [name, value] as const;
    throw smqUnreadable(queueName, 'read', `${name} is not a number`);
  });
  // `NAMES` has every attribute.
  return Object.fromEntries(values) as unknown as QueueAttributes;
}

/** The attributes of every queue of Latchkey. */
export const QUEUE_SETTINGS: QueueAttributes = {
  // Each message has its own delay.
  DelaySeconds: 0,
  // The maximum: https://help.aliyun.com/document_detail/128343.html
  MaximumMessageSize: 65_536,
  MessageRetentionPeriod: 604_800,
  // Longer than the time limit of `restart` (s.yaml), so that a batch in progress is not delivered again. Our own choice.
  VisibilityTimeout: 180,
  PollingWaitSeconds: 0,
};

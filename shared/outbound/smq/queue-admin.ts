import { LatchkeyError } from '../../domain/model/errors.ts';
import { smqAnswer, smqFailure } from './answer.ts';
import { smqCaller, type SmqOptions } from './call.ts';
import { type Doing, smqUnreadable } from './errors.ts';
import { childText, type XmlElement } from './xml.ts';

const NAMESPACE = 'http://mns.aliyuncs.com/doc/v1/';
/** Our own choice: a queue's attributes are less than 2 KB. */
const MAX_ANSWER_BYTES = 65_536;

/** What a deployment sets of a queue: https://www.alibabacloud.com/help/doc-detail/34088.htm */
export interface QueueAttributes {
  /** Of messages that do not say otherwise. */
  readonly DelaySeconds: number;
  /** Bytes, 1,024 to 65,536. */
  readonly MaximumMessageSize: number;
  /** Seconds, 60 to 604,800. */
  readonly MessageRetentionPeriod: number;
  /** Seconds for which a received message is nobody else's, 1 to 43,200. */
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
 * One queue, for whoever deploys: no function makes or changes a queue. Every method makes one call, is
 * safe to repeat, and rejects with `LatchkeyError`.
 *
 * Promises nothing about the queue's own dead-letter policy: the wire of 2015-06-06 has no element for it
 * (facts: Mns-open 2022-01-19), and Latchkey's triggers have theirs.
 */
export interface QueueAdmin {
  /** undefined when there is no such queue. */
  describe(): Promise<QueueAttributes | undefined>;
  /** @throws {LatchkeyError} `refused` when it is there with other attributes */
  create(attributes: QueueAttributes): Promise<void>;
  /** Leaves its messages as they are. */
  change(attributes: QueueAttributes): Promise<void>;
  /** With all its messages. */
  remove(): Promise<void>;
}

/** @throws {TypeError} for an endpoint or a queue name that cannot be used */
export function queueAdmin(options: SmqOptions): QueueAdmin {
  const { queueName } = options;
  const call = smqCaller(options, MAX_ANSWER_BYTES);

  /** The document of an answer with one of these statuses; undefined when it has none. */
  async function ask(
    method: 'GET' | 'PUT' | 'DELETE',
    doing: Doing,
    expected: readonly number[],
    more: { readonly query?: string; readonly document?: string } = {},
  ): Promise<XmlElement | undefined> {
    const { status, body } = await call({
      method,
      below: more.query ?? '',
      document: more.document ?? '',
    });
    const answer = smqAnswer({ status, body }, queueName, doing);
    if (expected.includes(status) && answer.root?.name !== 'Error') return answer.root;
    throw smqFailure(answer, queueName, doing);
  }

  return {
    async describe() {
      try {
        const root = await ask('GET', 'read', [200]);
        if (root?.name !== 'Queue') {
          throw smqUnreadable(queueName, 'no queue in it', undefined, 'read');
        }
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
  return `<?xml version="1.0" encoding="UTF-8"?><Queue xmlns="${NAMESPACE}">${elements}</Queue>`;
}

function attributesIn(root: XmlElement, queueName: string): QueueAttributes {
  const of = (name: keyof QueueAttributes): number => {
    const value = Number(childText(root, name) ?? Number.NaN);
    if (!Number.isSafeInteger(value)) {
      throw smqUnreadable(queueName, `${name} is no number`, undefined, 'read');
    }
    return value;
  };
  return {
    DelaySeconds: of('DelaySeconds'),
    MaximumMessageSize: of('MaximumMessageSize'),
    MessageRetentionPeriod: of('MessageRetentionPeriod'),
    VisibilityTimeout: of('VisibilityTimeout'),
    PollingWaitSeconds: of('PollingWaitSeconds'),
  };
}

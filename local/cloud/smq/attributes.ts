import { againstSchema, outOfRange, smqError } from './errors.ts';
import { MAX_QUEUE_NAME_LENGTH, RANGES } from './limits.ts';
import { documentOf, fieldsOf, integerIn } from './schema.ts';

/** The attributes of a queue that requests can set, by the vendor's names. */
export interface QueueAttributes {
  readonly DelaySeconds: number;
  /** Bytes of one body. */
  readonly MaximumMessageSize: number;
  /** Seconds. */
  readonly MessageRetentionPeriod: number;
  /** Seconds. */
  readonly VisibilityTimeout: number;
  readonly PollingWaitSeconds: number;
  readonly LoggingEnabled: boolean;
}

/**
 * Where a message goes that was received `maxReceiveCount` times and not deleted. In the real cloud this is
 * set in the control plane (Mns-open 2022-01-19, `DlqPolicy`). The API 2015-06-06 has no element for it, so
 * only code of the local cloud can set it.
 */
export interface DeadLetterPolicy {
  readonly queueName: string;
  readonly maxReceiveCount: number;
}

/** https://www.alibabacloud.com/help/doc-detail/34088.htm */
const DEFAULTS: QueueAttributes = {
  DelaySeconds: 0,
  MaximumMessageSize: 65_536,
  MessageRetentionPeriod: 345_600,
  VisibilityTimeout: 30,
  PollingWaitSeconds: 0,
  LoggingEnabled: false,
};

const NUMBERS = [
  'DelaySeconds',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'VisibilityTimeout',
  'PollingWaitSeconds',
] as const;

/**
 * The attributes that a `<Queue>` document names.
 *
 * @throws {SmqError} MalformedXML or InvalidArgument
 */
export function readAttributes(body: Buffer): Partial<QueueAttributes> {
  const fields = fieldsOf(documentOf(body, 'Queue'), [...NUMBERS, 'LoggingEnabled']);
  const attributes: Partial<Record<keyof QueueAttributes, number | boolean>> = {};
  for (const name of NUMBERS) {
    const text = fields.get(name);
    if (text !== undefined) attributes[name] = integerIn(text, name, RANGES[name]);
  }
  const logging = fields.get('LoggingEnabled');
  if (logging !== undefined) {
    if (!/^(true|false)$/i.test(logging)) throw againstSchema('LoggingEnabled');
    attributes.LoggingEnabled = logging.toLowerCase() === 'true';
  }
  return attributes as Partial<QueueAttributes>;
}

/** @throws {SmqError} InvalidArgument for a value out of range */
export function attributesWith(
  given: Partial<QueueAttributes>,
  base: QueueAttributes = DEFAULTS,
): QueueAttributes {
  for (const name of NUMBERS) {
    const value = given[name];
    const { low, high } = RANGES[name];
    if (value !== undefined && !(value >= low && value <= high)) {
      throw outOfRange(name, RANGES[name]);
    }
  }
  return { ...base, ...given };
}

export function sameAttributes(a: QueueAttributes, b: QueueAttributes): boolean {
  return NUMBERS.every((name) => a[name] === b[name]) && a.LoggingEnabled === b.LoggingEnabled;
}

/** @throws {SmqError} QueueNameLengthError or InvalidQueueName */
export function checkQueueName(name: string): void {
  if (name.length < 1 || name.length > MAX_QUEUE_NAME_LENGTH) {
    throw smqError('QueueNameLengthError');
  }
  if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(name)) throw smqError('InvalidQueueName');
}

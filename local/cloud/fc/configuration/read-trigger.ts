import { queueOfArn } from './arn.ts';
import type {
  Delivery,
  HttpAuth,
  HttpTrigger,
  ListedTrigger,
  QueueTrigger,
  Trigger,
} from './configuration.ts';
import { ConfigError } from './config-error.ts';
import type { Fields } from './fields.ts';
import { readAuthConfig } from '../jwt/read-auth-config.ts';
import { parseSchedule } from './schedule.ts';

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS'];
/** 1-128 characters: `CreateTriggerInput.triggerName` of @alicloud/fc20230330. */
const NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,127}$/;

/** One element of `triggers`. @throws {ConfigError} */
export function readTrigger(fields: Fields): Trigger {
  const name = fields.text('triggerName');
  if (!NAME.test(name)) {
    throw new ConfigError(fields.at('triggerName'), `"${name}" is not a valid name`);
  }
  fields.ignore('description', 'invocationRole', 'sourceArn');
  const qualifier = fields.text('qualifier', 'LATEST');
  if (qualifier !== 'LATEST') {
    throw new ConfigError(fields.at('qualifier'), 'must be LATEST: versions are not emulated');
  }
  const kind = fields.text('triggerType');
  const config = fields.needed('triggerConfig');
  fields.done();
  const trigger = read(kind, name, config, fields.at('triggerType'));
  config.done();
  return trigger;
}

/** The fields that `readTrigger` has read, unchanged. */
export function listedTrigger(given: unknown): ListedTrigger {
  const { qualifier = 'LATEST', ...trigger } = given as Partial<ListedTrigger>;
  const { triggerName, triggerType, triggerConfig } = trigger as ListedTrigger;
  return { triggerName, triggerType, qualifier, triggerConfig };
}

function read(kind: string, name: string, config: Fields, place: string): Trigger {
  if (kind === 'http') return http(name, config);
  if (kind === 'eventbridge') return eventbridge(name, config);
  if (kind === 'timer') {
    const text = config.text('cronExpression');
    return {
      kind: 'timer',
      name,
      enabled: config.flag('enable', true),
      schedule: parseSchedule(text, config.at('cronExpression')),
      payload: config.text('payload', undefined) ?? '',
    };
  }
  throw new ConfigError(place, `"${kind}" is not emulated: one of http, eventbridge, timer`);
}

function http(name: string, config: Fields): HttpTrigger {
  const methods = config.list('methods').map((method, i) => {
    if (typeof method === 'string' && METHODS.includes(method)) return method;
    throw new ConfigError(`${config.at('methods')}[${i}]`, `must be one of ${METHODS.join(', ')}`);
  });
  if (methods.length === 0) throw new ConfigError(config.at('methods'), 'is missing');
  return {
    kind: 'http',
    name,
    auth: readAuth(config),
    methods,
    disableUrlInternet: config.flag('disableURLInternet', false),
  };
}

function readAuth(config: Fields): HttpAuth {
  // The API's default: HTTPTriggerConfig of @alicloud/fc20230330.
  const kind = config.oneOf('authType', ['anonymous', 'function', 'jwt'], 'function');
  if (kind === 'jwt') return { kind, config: readAuthConfig(config.needed('authConfig')) };
  if (config.raw('authConfig') !== undefined) {
    throw new ConfigError(config.at('authConfig'), 'is allowed with authType jwt only');
  }
  return { kind };
}

function eventbridge(name: string, config: Fields): Trigger {
  const source = config.needed('eventSourceConfig');
  const type = source.oneOf('eventSourceType', ['Default', 'MNS']);
  const parameters = source.inner('eventSourceParameters');
  const run = config.inner('runOptions');
  const queueMode = run?.oneOf('mode', ['event-driven', 'event-streaming'], 'event-driven');
  const delivery = readDelivery(name, config, run);
  if (type === 'Default') {
    if (queueMode === 'event-streaming') {
      throw new ConfigError(config.at('runOptions.mode'), 'must be event-driven for a bus');
    }
    if (run?.raw('batchWindow') !== undefined) {
      throw new ConfigError(
        config.at('runOptions.batchWindow'),
        'cannot be combined with event-driven',
      );
    }
    parameters?.done();
    source.done();
    run?.done();
    return { kind: 'rule', ...delivery };
  }
  const trigger = queue(delivery, queueMode ?? 'event-driven', source, run);
  source.done();
  run?.done();
  return trigger;
}

function queue(
  delivery: Delivery,
  mode: QueueTrigger['mode'],
  source: Fields,
  run: Fields | undefined,
): QueueTrigger {
  const mns = source.needed('eventSourceParameters').needed('sourceMNSParameters');
  mns.ignore('RegionId');
  const window = run?.inner('batchWindow');
  if (window !== undefined && mode === 'event-driven') {
    throw new ConfigError(window.place, 'cannot be combined with event-driven');
  }
  // 1 to 10,000 messages, 0 to 15 s:
  // https://www.alibabacloud.com/help/en/functioncompute/fc/advanced-features-of-triggers
  const count = window?.whole('CountBasedWindow', 1, 10_000, 1) ?? 1;
  const windowSec = window?.whole('TimeBasedWindow', 0, 15, 0) ?? 0;
  window?.done();
  const trigger: QueueTrigger = {
    kind: 'queue',
    ...delivery,
    queueName: mns.text('QueueName'),
    base64Decode: mns.flag('IsBase64Decode', true),
    mode,
    batch: { count, windowMs: windowSec * 1_000 },
  };
  mns.done();
  return trigger;
}

function readDelivery(name: string, config: Fields, run: Fields | undefined): Delivery {
  const sink = config.inner('eventSinkConfig');
  const option = sink?.inner('deliveryOption');
  option?.ignore('concurrency');
  const eventSchema = option?.oneOf('eventSchema', ['CloudEvents', 'RawData'], 'CloudEvents');
  option?.done();
  sink?.done();
  const strategy = run?.inner('retryStrategy');
  const retry = strategy?.oneOf(
    'PushRetryStrategy',
    ['BACKOFF_RETRY', 'EXPONENTIAL_DECAY_RETRY'],
    'BACKOFF_RETRY',
  );
  strategy?.done();
  const deadLetter = run?.inner('deadLetterQueue');
  const arn = deadLetter?.text('Arn');
  deadLetter?.done();
  return {
    name,
    enabled: config.flag('triggerEnable', true),
    pattern: readPattern(config),
    // true = asynchronous. The versions of the vendor's page contradict each other: docs/local-cloud.md.
    asyncInvocation: config.flag('asyncInvocationType', false),
    eventSchema: eventSchema ?? 'CloudEvents',
    retry: retry ?? 'BACKOFF_RETRY',
    errorsTolerance: run?.oneOf('errorsTolerance', ['NONE', 'ALL'], 'NONE') ?? 'NONE',
    deadLetterQueue: arn === undefined ? undefined : queueOfArn(arn, deadLetter!.at('Arn')),
  };
}

function readPattern(config: Fields): unknown {
  const text = config.text('eventRuleFilterPattern', '{}')!;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ConfigError(config.at('eventRuleFilterPattern'), 'must be a string of JSON');
  }
}

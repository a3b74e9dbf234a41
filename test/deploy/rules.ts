import * as v from 'valibot';

/**
 * What we rely on in s.yaml, beyond what fc3's schema asks: that one takes any object for a trigger
 * and knows neither our names nor which defaults are dangerous.
 */

const ARN_OF_DEAD_LETTERS = /^acs:mns:[a-z0-9-]+:\d+:\/queues\/latchkey-dead$/;

/** The fc3 component lower-cases every role before it sends it. */
const role = (name: string) =>
  v.pipe(v.string(), v.regex(new RegExp(`^acs:ram::\\d+:role/${name}$`), `is not role ${name}`));

const pattern = v.pipe(
  v.string(),
  v.check((text) => {
    try {
      const value: unknown = JSON.parse(text);
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    } catch {
      return false;
    }
  }, 'is not a JSON object'),
);

const httpTrigger = (authTypes: readonly string[]) =>
  v.strictObject({
    triggerName: v.string(),
    triggerType: v.literal('http'),
    qualifier: v.literal('LATEST'),
    triggerConfig: v.strictObject({
      authType: v.picklist(authTypes),
      authConfig: v.optional(v.looseObject({})),
      disableURLInternet: v.literal(false),
      methods: v.tuple([v.literal('GET'), v.literal('POST')]),
    }),
  });

const timerTrigger = v.strictObject({
  triggerName: v.string(),
  triggerType: v.literal('timer'),
  qualifier: v.literal('LATEST'),
  triggerConfig: v.strictObject({
    cronExpression: v.literal('@every 1m'),
    enable: v.literal(true),
    payload: v.string(),
  }),
});

const common = {
  // The default, NONE, stops at the first event that fails.
  errorsTolerance: v.literal('ALL'),
  retryStrategy: v.strictObject({
    PushRetryStrategy: v.picklist(['BACKOFF_RETRY', 'EXPONENTIAL_DECAY_RETRY']),
  }),
  // Without one, what fails is thrown away.
  deadLetterQueue: v.strictObject({ Arn: v.pipe(v.string(), v.regex(ARN_OF_DEAD_LETTERS)) }),
};

const fromBus = {
  eventSourceConfig: v.strictObject({
    eventSourceType: v.literal('Default'),
    eventSourceParameters: v.strictObject({}),
  }),
  runOptions: v.strictObject({ mode: v.literal('event-driven'), ...common }),
};

const fromQueue = (queueName: string) => ({
  eventSourceConfig: v.strictObject({
    eventSourceType: v.literal('MNS'),
    eventSourceParameters: v.strictObject({
      sourceMNSParameters: v.strictObject({
        RegionId: v.string(),
        QueueName: v.literal(queueName),
        IsBase64Decode: v.literal(true),
      }),
    }),
  }),
  runOptions: v.strictObject({
    mode: v.literal('event-streaming'),
    ...common,
    // 1 to 10,000 messages, 0 to 15 s:
    // https://www.alibabacloud.com/help/en/functioncompute/fc/advanced-features-of-triggers
    batchWindow: v.strictObject({
      CountBasedWindow: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000)),
      TimeBasedWindow: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(15)),
    }),
  }),
});

const eventBridgeTrigger = <T extends typeof fromBus | ReturnType<typeof fromQueue>>(source: T) =>
  v.strictObject({
    triggerName: v.string(),
    triggerType: v.literal('eventbridge'),
    qualifier: v.literal('LATEST'),
    // Without it the component asks RAM, even to make a plan.
    invocationRole: role('latchkey-trigger'),
    triggerConfig: v.strictObject({
      triggerEnable: v.literal(true),
      // Synchronous: only then does EventBridge see that a function failed.
      asyncInvocationType: v.literal(false),
      eventRuleFilterPattern: pattern,
      eventSinkConfig: v.strictObject({
        deliveryOption: v.strictObject({ eventSchema: v.literal('CloudEvents') }),
      }),
      ...source,
    }),
  });

const environment = {
  REGION_ID: v.string(),
  SMQ_QUEUE: v.literal('latchkey-results'),
  SMQ_DEAD_LETTER_QUEUE: v.literal('latchkey-dead'),
  TABLESTORE_INSTANCE: v.literal('latchkey'),
  LOG_LEVEL: v.picklist(['debug', 'info', 'warn', 'error']),
};

const chatQueue = { SMQ_CHAT_QUEUE: v.literal('latchkey-chat') };

/** Each may be '': the policy says which platforms there are. */
const secretsOf = <N extends string>(...names: readonly N[]) =>
  Object.fromEntries(names.map((name) => [name, v.string()])) as Record<
    N,
    v.StringSchema<undefined>
  >;

const resource = <
  E extends v.ObjectEntries,
  T extends v.GenericSchema,
  X extends v.ObjectEntries,
>(options: {
  readonly name: string;
  /** Seconds; EventBridge waits 5 minutes at most. */
  readonly timeout: number;
  readonly environment: E;
  readonly triggers: T;
  readonly more: X;
}) =>
  v.strictObject({
    component: v.literal('fc3'),
    props: v.strictObject({
      region: v.string(),
      functionName: v.literal(`latchkey-${options.name}`),
      description: v.string(),
      runtime: v.literal('nodejs20'),
      handler: v.literal('index.handler'),
      code: v.literal(`./dist/${options.name}`),
      memorySize: v.literal(512),
      cpu: v.literal(0.35),
      diskSize: v.literal(512),
      timeout: v.literal(options.timeout),
      internetAccess: v.literal(true),
      role: role(`latchkey-${options.name}`),
      // As the template makes them, or every alarm would look at an empty log store.
      logConfig: v.strictObject({
        project: v.pipe(v.string(), v.regex(/^latchkey-\d+$/)),
        logstore: v.literal('latchkey'),
        enableRequestMetrics: v.literal(true),
      }),
      instanceLifecycleConfig: v.strictObject({
        initializer: v.strictObject({
          handler: v.literal('index.initialize'),
          timeout: v.number(),
        }),
      }),
      environmentVariables: v.strictObject({ ...environment, ...options.environment }),
      triggers: options.triggers,
      ...options.more,
    }),
  });

const SYaml = v.strictObject({
  edition: v.literal('3.0.0'),
  name: v.literal('latchkey'),
  access: v.string(),
  vars: v.record(v.string(), v.string()),
  resources: v.strictObject({
    attach: resource({
      name: 'attach',
      timeout: 60,
      environment: { ...chatQueue, WEBHOOK_SECRETS: v.string(), CONSOLE_JWKS: v.string() },
      // The signature of the webhook is the authentication. A second lock is a choice: docs/security.md.
      triggers: v.strictTuple([httpTrigger(['anonymous', 'function', 'jwt'])]),
      more: {},
    }),
    launch: resource({
      name: 'launch',
      timeout: 60,
      environment: {},
      triggers: v.strictTuple([
        eventBridgeTrigger(fromBus),
        eventBridgeTrigger(fromBus),
        eventBridgeTrigger(fromBus),
      ]),
      more: {},
    }),
    restart: resource({
      name: 'restart',
      timeout: 120,
      environment: chatQueue,
      triggers: v.strictTuple([
        eventBridgeTrigger(fromQueue('latchkey-results')),
        eventBridgeTrigger(fromBus),
        timerTrigger,
      ]),
      more: {
        asyncInvokeConfig: v.strictObject({
          maxAsyncRetryAttempts: v.literal(0),
          // 1 to 604,800 s: https://alibabacloud.com/help/en/functioncompute/api-fc-2023-03-30-struct-putasyncinvokeconfiginput
          maxAsyncEventAgeInSeconds: v.pipe(v.number(), v.minValue(1), v.maxValue(604_800)),
        }),
      },
    }),
    chat: resource({
      name: 'chat',
      timeout: 20,
      // None to post with, but for DingTalk's app secret, which is good for both.
      environment: {
        ...chatQueue,
        ...secretsOf(
          'CHAT_BUTTON_SECRET',
          'SLACK_SIGNING_SECRET',
          'DINGTALK_APP_SECRET',
          'DINGTALK_CARD_SECRET',
          'DINGTALK_PATH_SECRET',
          'DINGTALK_AES_KEY',
          'FEISHU_ENCRYPT_KEY',
          'FEISHU_VERIFICATION_TOKEN',
        ),
      },
      // No platform could pass another lock.
      triggers: v.strictTuple([httpTrigger(['anonymous'])]),
      more: {},
    }),
    messenger: resource({
      name: 'messenger',
      timeout: 60,
      environment: {
        ...chatQueue,
        ...secretsOf(
          'CHAT_BUTTON_SECRET',
          'SLACK_BOT_TOKEN',
          'DINGTALK_APP_SECRET',
          'FEISHU_APP_SECRET',
        ),
      },
      triggers: v.strictTuple([eventBridgeTrigger(fromQueue('latchkey-chat'))]),
      more: {},
    }),
  }),
});

/** Every place of a rendered s.yaml that breaks one of our rules; none when it is as it should be. */
export function brokenRules(rendered: unknown): string[] {
  const result = v.safeParse(SYaml, rendered);
  if (result.success) return [];
  return result.issues.map((issue) => `${v.getDotPath(issue) ?? ''}: ${issue.message}`);
}

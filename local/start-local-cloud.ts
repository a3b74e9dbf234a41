import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type LocalChat, startLocalChat } from './chat/index.ts';
import { PLATFORMS, secretVariables } from './chat/workspace.ts';
import { type Cloud, type CloudOptions, createCloud } from './cloud/index.ts';
import { NetworkPorts } from './http/network-ports.ts';
import { QUEUE_SETTINGS } from '../shared/outbound/smq/queue-settings.ts';
import { consolePages } from './console.ts';
import { createTables } from './create-tables.ts';

export const PROJECT_FOLDER = fileURLToPath(new URL('..', import.meta.url));

export interface LocalCloudOptions extends Pick<CloudOptions, 'settings' | 'portBase' | 'onLog'> {
  /** Where `s.yaml` and `dist` are. Default: this project. */
  readonly projectFolder?: string;
  /** Separated by spaces. Default: `WEBHOOK_SECRETS` of this process, else a new one. */
  readonly webhookSecrets?: string;
  /** Overrides every other value in the functions' environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Default: processes. */
  readonly functions?: CloudOptions['functions'];
  /** How long the chat platforms wait for the function. Default: 3 s, as they do. */
  readonly chatDeadlineMs?: number;
}

export interface LocalCloud {
  /** Its `stop` also stops the chat platforms. */
  readonly cloud: Cloud;
  readonly chat: LocalChat;
  /** `WEBHOOK_SECRETS` of the functions. */
  readonly webhookSecrets: string;
  /** The secret to sign with: the first of them. */
  readonly webhookSecret: string;
}

/** Network ports of the HTTP triggers, relative to the port base. */
const HTTP_PORT_OFFSETS = { attach: 0, chat: 6 };
const CHAT_PORT_OFFSET = 10;
/** Variables whose values name queues that must exist. */
const QUEUE_VARIABLES = ['SMQ_QUEUE', 'SMQ_CHAT_QUEUE', 'SMQ_DEAD_LETTER_QUEUE'];
const DEFAULT_TABLESTORE_INSTANCE = 'latchkey';

/**
 * Starts the local cloud around the functions of this project, with their queues and tables. The
 * bundles in `dist` must have been built.
 *
 * @throws as `createCloud`
 */
export async function startLocalCloud(options: LocalCloudOptions = {}): Promise<LocalCloud> {
  const { projectFolder = PROJECT_FOLDER } = options;
  const webhookSecrets =
    options.webhookSecrets ?? process.env['WEBHOOK_SECRETS'] ?? newWebhookSecret();
  const pages = consolePages({
    folder: join(PROJECT_FOLDER, 'console'),
    attachUrl: () => cloud.endpoints.http['attach'] ?? '',
    webhookSecret: firstOf(webhookSecrets),
    ...clockOf(options),
  });
  const chat = await openChat(options, pages, () => cloud.endpoints.http['chat'] ?? '');
  const cloud: Cloud = await createCloud({
    ...(options.settings && { settings: options.settings }),
    ...(options.portBase !== undefined && { portBase: options.portBase }),
    ...(options.onLog && { onLog: options.onLog }),
    sYamlPath: join(projectFolder, 's.yaml'),
    httpPortOffsets: HTTP_PORT_OFFSETS,
    queueAttributes: QUEUE_SETTINGS,
    // The new secrets override any real chat secrets in the environment of this process.
    env: { ...process.env, WEBHOOK_SECRETS: webhookSecrets, ...secretVariables(chat.secrets) },
    functions: options.functions ?? {
      kind: 'processes',
      stateFolder: join(projectFolder, '.local'),
    },
    environment: (endpoints, config) => ({
      REGION_ID: cloud.kernel.settings.regionId,
      ECS_ENDPOINT: endpoints.ecs,
      SMQ_ENDPOINT: endpoints.smq,
      TABLESTORE_ENDPOINT: endpoints.tablestore,
      TABLESTORE_INSTANCE: config.environment['TABLESTORE_INSTANCE'] ?? DEFAULT_TABLESTORE_INSTANCE,
      WEBHOOK_SECRETS: webhookSecrets,
      ...Object.fromEntries(
        PLATFORMS.map((platform) => [`${platform.toUpperCase()}_ENDPOINT`, chat.url]),
      ),
      ...options.environment,
    }),
  }).catch(async (error: unknown) => {
    await chat.close();
    throw error;
  });
  for (const { environment } of cloud.fc.functions) {
    for (const name of QUEUE_VARIABLES) {
      const queueName = environment[name];
      if (queueName !== undefined && queueName !== '')
        cloud.smq.createQueue(queueName, QUEUE_SETTINGS);
    }
  }
  createTables(cloud.tablestore);
  const stop = async () => {
    await Promise.all([cloud.stop(), chat.close()]);
  };
  const webhookSecret = firstOf(webhookSecrets);
  return { cloud: { ...cloud, stop }, chat, webhookSecrets, webhookSecret };
}

/** The secret to sign with. */
function firstOf(secrets: string): string {
  return secrets.split(/[\s,]+/)[0]!;
}

/** The clock of the functions. */
function clockOf({ functions }: LocalCloudOptions): { readonly nowMs?: () => number } {
  const clock = functions?.kind === 'in-process' ? functions.clock : undefined;
  return clock === undefined ? {} : { nowMs: () => clock.nowMs() };
}

async function openChat(
  options: LocalCloudOptions,
  pages: ReturnType<typeof consolePages>,
  functionUrl: () => string,
): Promise<LocalChat> {
  const { portBase = 0, chatDeadlineMs } = options;
  let chat: LocalChat | undefined;
  await new NetworkPorts(portBase).open('the chat page', CHAT_PORT_OFFSET, async (port) => {
    chat = await startLocalChat({
      port,
      functionUrl,
      ...(chatDeadlineMs !== undefined && { deadlineMs: chatDeadlineMs }),
      pages,
      ...clockOf(options),
    });
    return chat;
  });
  return chat!;
}

/** 24 to 64 random bytes: https://github.com/standard-webhooks/standard-webhooks. */
function newWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

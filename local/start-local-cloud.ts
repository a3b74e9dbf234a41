import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Cloud, type CloudOptions, createCloud } from './cloud/index.ts';
import { createTables } from './create-tables.ts';

export const PROJECT_FOLDER = fileURLToPath(new URL('..', import.meta.url));

export interface LocalCloudOptions extends Pick<CloudOptions, 'settings' | 'portBase' | 'onLog'> {
  /** Where `s.yaml` and `dist` are. Default: this project. */
  readonly projectFolder?: string;
  /** Several are separated by a space. Default: `WEBHOOK_SECRETS` of this process, else a new one. */
  readonly webhookSecrets?: string;
  /** Stronger than everything else in the functions' environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Default: processes. */
  readonly functions?: CloudOptions['functions'];
}

export interface LocalCloud {
  readonly cloud: Cloud;
  /** `WEBHOOK_SECRETS` of the functions. */
  readonly webhookSecrets: string;
  /** The one to sign with: the first of them. */
  readonly webhookSecret: string;
}

/** Where the HTTP triggers are: design §6.4. */
const HTTP_PORT_OFFSETS = { attach: 0, chat: 6 };
/** Variables whose values name queues that must exist. */
const QUEUE_VARIABLES = ['SMQ_QUEUE', 'SMQ_DEAD_LETTER_QUEUE'];
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
  const cloud = await createCloud({
    ...(options.settings && { settings: options.settings }),
    ...(options.portBase !== undefined && { portBase: options.portBase }),
    ...(options.onLog && { onLog: options.onLog }),
    sYamlPath: join(projectFolder, 's.yaml'),
    httpPortOffsets: HTTP_PORT_OFFSETS,
    env: { ...process.env, WEBHOOK_SECRETS: webhookSecrets },
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
      ...options.environment,
    }),
  });
  for (const { environment } of cloud.fc.functions) {
    for (const name of QUEUE_VARIABLES) {
      const queueName = environment[name];
      if (queueName !== undefined && queueName !== '') cloud.smq.createQueue(queueName);
    }
  }
  createTables(cloud.tablestore);
  return { cloud, webhookSecrets, webhookSecret: webhookSecrets.split(/[\s,]+/)[0]! };
}

/** 24 to 64 random bytes: https://github.com/standard-webhooks/standard-webhooks. */
function newWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

import { bodiesOf } from '../../shared/contract/messages/codec.ts';
import { afterAll, beforeAll, test } from 'vitest';
import { type LocalCloud, startLocalCloud } from '../../local/start-local-cloud.ts';
import { VERBS } from '../../shared/messengers/grammar/verbs.ts';
import { chatApi } from '../support/chat-api.ts';
import { temporaryProject } from '../../tools/demo/temporary-project.ts';
import { type Webhook, webhook } from '../../tools/demo/webhook.ts';
import { grantsOf } from '../support/grants.ts';
import { approvalStory } from '../support/chat-story.ts';
import { recordedCalls } from '../support/recorded-calls.ts';
import { until } from '../../tools/until.ts';

const TEST_MS = 300_000;
const LAUNCH = { ImageId: 'aliyun_3_x64.vhd', InstanceType: 'ecs.g7.large' };
const WEB = { InstanceName: 'web-9', 'Tag.1.Key': 'team', 'Tag.1.Value': 'web' };

/** Granted, and not seen below: what the policy of this project, or the local chats, have no occasion for. */
const NOT_SEEN: Readonly<Record<string, readonly string[]>> = {
  // `allowDetach` is off.
  'latchkey-attach': ['ecs:DetachKeyPair instance/*'],
  // A line of a chat that comes twice.
  'latchkey-chat': ['ots:GetRow instance/latchkey/table/requests'],
  // An answer that comes in two batches.
  'latchkey-messenger': ['ots:GetRow instance/latchkey/table/requests'],
  // `allowDetach`, and a retry in a chat: nobody may `resolve` there.
  'latchkey-restart': ['ecs:DetachKeyPair instance/*', 'ots:PutRow instance/latchkey/table/index'],
};

/** Whatever a queue delivers. */
const TWICE = { service: 'smq', action: 'Deliver', kind: 'duplicate', copies: 2, times: 1_000 };

const project = temporaryProject({ batchWindowSec: 0, tickSec: 5 });
let local: LocalCloud;
let record: Awaited<ReturnType<typeof recordedCalls>>;

beforeAll(async () => {
  record = await recordedCalls({
    target: (service) => local.cloud.endpoints[service],
    roleOf: (accessKeyId) => {
      const identity = local.cloud.kernel.account.find(accessKeyId)?.identity;
      return identity?.kind === 'assumed-role' ? identity.roleName : undefined;
    },
  });
  const { environment } = record;
  local = await startLocalCloud({
    projectFolder: project.folder,
    chatDeadlineMs: 30_000,
    environment,
  });
  local.cloud.kernel.faults.replace([TWICE]);
  local.cloud.seed({ keyPairs: [{ name: 'ops-2025' }, { name: 'ops-2026' }] });
});

afterAll(async () => {
  await local?.cloud.stop();
  record?.close();
  project.remove();
});

const asked = (instanceIds: readonly string[]) => ({
  regionId: 'cn-hangzhou',
  keyPairName: 'ops-2026',
  instanceIds,
  restart: 'auto',
  maxUnavailable: '100%',
  bakeSeconds: 0,
});

function isDone(client: Webhook, rolloutId: string): Promise<void> {
  return until(`${rolloutId} done`, async () => {
    return (await client.get(`/rollouts/${rolloutId}`)).status === 'done';
  });
}

/** Everything that people and programs may ask for. */
async function overWebhook({ cloud, webhookSecret }: LocalCloud): Promise<void> {
  const client = webhook(cloud.endpoints.http['attach']!, webhookSecret);
  const [first, second] = cloud.seed({
    instances: [{ count: 2, name: 'old', keyPairName: 'ops-2025' }],
  }).instanceIds as [string, string];
  const dry = await client.post('/rollouts', { ...asked([first]), dryRun: true });
  const { planDigest } = dry.view as unknown as { readonly planDigest: string };
  const other = { ...asked([second]), expectedPlanDigest: planDigest };
  await client.post('/rollouts', other).catch(() => undefined);

  // One whose restart is refused: a person has it retried after all is over.
  const code = 'OperationDenied.Locked';
  const refused = { kind: 'instance-failure', instanceIds: [second], code, times: 9 };
  cloud.kernel.faults.replace([TWICE, { service: 'ecs', action: 'RebootInstances', ...refused }]);
  const { view } = await client.post('/rollouts', {
    ...asked([first, second]),
    haltAfterFailures: 2,
  });
  const { rolloutId } = view;
  await isDone(client, rolloutId);
  cloud.kernel.faults.replace([TWICE]);
  const retry = { rolloutId, action: 'resolve', as: 'retry', instanceIds: [second] };
  await client.post(`/rollouts/${rolloutId}/resolve`, retry);
  await isDone(client, rolloutId);

  await client.post('/stop', { action: 'stop', reason: 'test' });
  await client.post('/go', { action: 'go' });
  const undone = await client.post(`/rollouts/${rolloutId}/undo`, { rolloutId, action: 'undo' });
  await isDone(client, undone.view.rolloutId);
  await client.get('/rollouts?limit=5');

  // Twice the same, over as soon as it is answered; and one that is started.
  const { instanceIds } = cloud.seed({
    instances: [{ name: 'new' }, { name: 'off', status: 'Stopped' }],
  });
  const never = { ...asked(instanceIds.slice(0, 1)), restart: 'never' };
  for (let n = 0; n < 2; n++) await client.post('/rollouts', never, 'msg_same');
  const off = await client.post('/rollouts', {
    ...asked(instanceIds.slice(1)),
    startStopped: true,
  });
  await isDone(client, off.view.rolloutId);
}

async function overChat({ cloud, chat }: LocalCloud, expect: Parameters<typeof approvalStory>[3]) {
  const driver = chatApi(chat.url, 'slack');
  await approvalStory(driver, cloud, { name: 'chat', reboots: true }, expect);
  for (const line of ['status', 'stop incident', 'go']) await driver.say('alice', line);
  await driver.say('carol', VERBS.plan.example);
  await until('a plan made for a chat', () => {
    return record.calls('latchkey-restart').some((call) => call.endsWith('table/plans'));
  });
}

/** What comes by itself: launches, letters that nobody can read, and the doctor's probe. */
async function overEvents({ cloud }: LocalCloud): Promise<void> {
  const by = { kind: 'ram-user', userName: 'lin' } as const;
  const { instanceIds } = cloud.ecs.launch({ by, parameters: { ...LAUNCH, ...WEB } });
  cloud.smq.send('latchkey-results', 'not JSON');
  cloud.smq.send('latchkey-chat', 'not JSON');
  cloud.smq.send('latchkey-results', bodiesOf({ kind: 'probe', id: 'p-1' })[0]!);
  await until('the launched instance effective', () => {
    return cloud.ecs.state().instances[instanceIds[0]!]!.effectiveKeyPairName === 'ops-2026';
  });
}

test(
  'each role may do what its function does, and nothing else',
  { timeout: TEST_MS },
  async ({ expect }) => {
    await Promise.all([overWebhook(local), overEvents(local), overChat(local, expect)]);
    await until('all quiet', () => local.cloud.isIdle());

    expect(record.roles()).toEqual(
      ['attach', 'chat', 'launch', 'messenger', 'restart'].map((name) => `latchkey-${name}`),
    );
    const missing = record.roles().flatMap((role) => {
      const granted = grantsOf(role);
      return record
        .calls(role)
        .flatMap((call) => (granted.includes(call) ? [] : [`${role} ${call}`]));
    });
    expect(missing).toEqual([]);
    const unused = record.roles().map((role) => {
      const calls = record.calls(role);
      return [role, grantsOf(role).filter((grant) => !calls.includes(grant))] as const;
    });
    expect(Object.fromEntries(unused)).toEqual({ 'latchkey-launch': [], ...NOT_SEEN });
  },
);

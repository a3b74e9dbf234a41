import { createHmac, randomUUID } from 'node:crypto';
import { test } from 'vitest';
import { startLocalCloud } from '../../local/start-local-cloud.ts';
import { temporaryProject } from '../../tools/demo/temporary-project.ts';
import { until } from '../../tools/until.ts';

/** What secrets look like, whoever's they are. */
const FORMS = [
  /whs(?:ec|k)_[A-Za-z0-9+/]{8}/,
  /v1,[A-Za-z0-9+/]{43}=/,
  /-----BEGIN [A-Z ]*PRIVATE KEY/,
  /\bLTAI[A-Za-z0-9]{8}/,
  /\bSTS\.[A-Za-z0-9]{8}/,
  /local-token-/,
  /Signature=(?!\[redacted\])./i,
  /\bBearer (?!\[redacted\])./i,
];

const JWT = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJjaSJ9.c2lnbmF0dXJlLW9mLW5vYm9keS1pbi1wYXJ0aWN1bGFy';
const WRONG_KEY = Buffer.from('not the key of anybody at all here');

test('a run with all that can go wrong prints and answers no secret', async ({
  expect,
  onTestFinished,
}) => {
  const project = temporaryProject({ tickSec: 3, batchWindowSec: 0 });
  const logged: string[] = [];
  const answered: string[] = [];
  const { cloud, webhookSecret } = await startLocalCloud({
    projectFolder: project.folder,
    onLog: (_, line) => logged.push(line),
    environment: { LOG_LEVEL: 'debug' },
  });
  onTestFinished(async () => {
    await cloud.stop();
    project.remove();
  });
  const key = Buffer.from(webhookSecret.slice('whsec_'.length), 'base64');
  const { accessKeySecret } = cloud.kernel.settings;
  const secrets = new Set([webhookSecret.slice(6), key.toString('hex'), accessKeySecret, JWT]);
  const { account } = cloud.kernel;
  const issue = account.issueSts.bind(account);
  account.issueSts = (...whose) => {
    const issued = issue(...whose);
    secrets.add(issued.accessKeySecret).add(issued.securityToken);
    return issued;
  };

  /** @param signingKey a stranger's, where another is given */
  const send = async (method: string, path: string, body?: object | string, signingKey = key) => {
    const text = typeof body === 'object' ? JSON.stringify(body) : (body ?? '');
    const id = `msg_${randomUUID()}`;
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const signed = `${id}.${timestamp}.${method === 'GET' ? `GET ${path}` : text}`;
    const signature = createHmac('sha256', signingKey).update(signed).digest('base64');
    secrets.add(signature);
    const reply = await fetch(`${cloud.endpoints.http['attach']}${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,${signature}`,
        authorization: `Bearer ${JWT}`,
        cookie: `session=${JWT}`,
        // Anybody may ask for what was logged meanwhile.
        'x-fc-log-type': 'Tail',
      },
      ...(method === 'POST' && { body: text }),
    });
    const answer = await reply.text();
    const tail = Buffer.from(reply.headers.get('x-fc-log-result') ?? '', 'base64').toString('utf8');
    answered.push(answer, JSON.stringify([...reply.headers]), tail);
    return { status: reply.status, json: JSON.parse(answer) as Record<string, unknown>, tail };
  };
  const strike = (...faults: object[]) => cloud.kernel.faults.replace(faults);

  cloud.seed({ keyPairs: [{ name: 'ops-2025' }, { name: 'ops-2026' }] });
  const { instanceIds } = cloud.seed({
    instances: [{ count: 4, name: 'web', keyPairName: 'ops-2025' }],
  });
  const [first = '', second = '', third = '', fourth = ''] = instanceIds;
  const rollout = (instanceId: string) => ({
    regionId: 'cn-hangzhou',
    keyPairName: 'ops-2026',
    instanceIds: [instanceId],
    restart: 'auto',
    bakeSeconds: 0,
  });

  const stranger = await send('POST', '/rollouts', rollout(first), WRONG_KEY);
  expect(stranger.tail).toContain('"status":401');
  expect(stranger.tail).not.toContain('operator');
  const statuses = [
    stranger,
    await send('POST', '/rollouts', `{"secret":"${webhookSecret}"`),
    await send('POST', '/rollouts', { ...rollout(first), token: webhookSecret }),
    await send('POST', '/rollouts', { ...rollout(first), note: 'a plain note' }),
    await send('GET', '/rollouts?limit=5'),
    await send('GET', '/rollouts/ro-abcdefghijklmnopqrstuvwxyz'),
  ].map(({ status }) => status);
  expect(statuses).toEqual([401, 400, 422, 202, 200, 404]);

  // What a cloud in trouble says, with what it should not say.
  const leaky = `Specified signature does not match: Signature=${key.toString('hex')}&SecurityToken=local-token-0123456789`;
  const error = { kind: 'error', code: 'SignatureDoesNotMatch', status: 400, message: leaky };
  strike({ service: 'ecs', action: 'AttachKeyPair', ...error });
  await send('POST', '/rollouts', rollout(second));
  strike({ service: 'tablestore', action: '*', kind: 'html502', times: 4 });
  await send('POST', '/rollouts', rollout(third));
  strike({ service: 'smq', action: '*', kind: 'reset', times: 4 });
  await send('POST', '/rollouts', rollout(fourth));
  strike({ service: 'ecs', action: 'RebootInstances', ...error, times: 2 });
  cloud.smq.send('latchkey-results', `no message at all, but ${webhookSecret}`);
  cloud.ecs.launch({
    by: { kind: 'console', userName: 'ops' },
    parameters: {
      ImageId: 'm-1',
      InstanceType: 'ecs.g7.large',
      'Tag.1.Key': 'team',
      'Tag.1.Value': 'web',
    },
  });

  await until('the end of every rollout', async () => {
    const { json } = await send('GET', '/stop');
    return json['openRollouts'] === 0;
  });

  expect(logged.length).toBeGreaterThan(20);
  const all = [...logged, ...answered];
  const leaks = all.filter(
    (text) =>
      [...secrets].some((secret) => text.includes(secret)) || FORMS.some((form) => form.test(text)),
  );
  expect(leaks).toEqual([]);
}, 120_000);

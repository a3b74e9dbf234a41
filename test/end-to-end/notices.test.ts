import { test } from 'vitest';
import { verifyWebhook } from '../../shared/contract/webhook-signature.ts';
import { httpNotifier } from '../../shared/outbound/notifier.ts';
import { keptSockets } from '../../shared/outbound/sockets.ts';
import { storedRollouts } from '../../tools/demo/launches/stored-rollouts.ts';
import { askedServer } from '../support/asked-server.ts';
import { aLaunchRule, aPolicy } from '../models/builders.ts';
import { aLocalLatchkey, START_MS } from '../support/local-latchkey.ts';

const SECRET = { key: Buffer.from('n'.repeat(32)) };
const LAUNCH = { ImageId: 'aliyun_3_x64.vhd', InstanceType: 'ecs.g7.large', InstanceName: 'web-1' };

test('a channel that is away for a while is told all the same, through queue and wire', async ({
  expect,
  onTestFinished,
}) => {
  const statuses = [500, 503];
  const { url, asked } = await askedServer((response) => {
    response.writeHead(statuses.shift() ?? 204, { 'retry-after': '900' }).end();
  });
  const rule = { id: 'pager', url: `${url}/in`, secretName: 'PAGER', on: ['ended' as const] };
  const policy = aPolicy({
    launch: [aLaunchRule({ match: { namePrefix: 'web-' }, restart: false })],
    notify: [rule],
  });
  const channels = [{ ...rule, secrets: [SECRET] }];
  const notifier = httpNotifier({ channels, sockets: keptSockets() });
  const { cloud, pass } = await aLocalLatchkey(policy, {}, notifier);
  onTestFinished(() => cloud.stop());
  cloud.seed({ keyPairs: [{ name: 'ops' }] });
  cloud.ecs.launch({ by: { kind: 'ram-user', userName: 'lin' }, parameters: LAUNCH });

  await pass(10 * 60_000);
  const [rollout] = storedRollouts(cloud);
  expect(rollout!.phase).toBe('done');
  expect(asked).toHaveLength(1);
  await pass(3_600_000);

  expect(asked).toHaveLength(3);
  expect(asked.map(({ method, url: path }) => `${method} ${path}`)).toEqual(
    Array.from({ length: 3 }, () => 'POST /in'),
  );
  const times = asked.map(({ headers }) => Number(headers['webhook-timestamp']) * 1_000);
  // Both answers asked for a quarter of an hour, which is longer than the pauses of 5 s and 5 min.
  expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(900_000);
  expect(times[2]! - times[1]!).toBeGreaterThanOrEqual(900_000);
  expect(times[0]!).toBeGreaterThan(START_MS);
  const ids = asked.map(
    ({ headers, body }, index) =>
      verifyWebhook({ headers, body, secrets: [SECRET], nowMs: times[index]! }).id,
  );
  expect(new Set(ids).size).toBe(1);
  expect(new Set(asked.map(({ body }) => body.toString())).size).toBe(1);
  expect(JSON.parse(asked[0]!.body.toString())).toMatchObject({
    type: 'rollout.ended',
    data: {
      rolloutId: rollout!.rolloutId,
      status: 'done',
      requestedBy: { door: 'launch', client: 'web' },
      counts: { total: 1, attached: 1 },
    },
  });
}, 60_000);

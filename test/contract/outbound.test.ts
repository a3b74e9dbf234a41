import { test } from 'vitest';
import { httpHealthGate } from '../../shared/outbound/health-gate.ts';
import { httpNotifier } from '../../shared/outbound/notifier.ts';
import { keptSockets } from '../../shared/outbound/sockets.ts';
import { askedServer } from '../support/asked-server.ts';
import { silent } from '../models/builders.ts';
import { exact, expectGolden } from './golden.ts';
import { FULL, T0 } from './samples.ts';

const secret = { key: Buffer.alloc(32, 7) };

test('a health gate and a channel are asked and told as they were', async ({ expect }) => {
  const { url, asked } = await askedServer((response) => void response.end('{"answer":"go"}'));
  const over = { sockets: keptSockets() };
  const gateOptions = { secret, timeoutMs: 5_000, nowMs: () => T0, newId: () => 'gate_1' };
  const gate = httpHealthGate({
    url: `${url}/gate?team=web`,
    ...gateOptions,
    ...over,
    log: silent,
  });
  const channels = [{ id: 'ops', url: `${url}/hook`, secrets: [secret, secret] }];
  const notifier = httpNotifier({ channels, ...over });

  const { rolloutId } = FULL;
  await gate.ask({ rolloutId, phase: 'before', wave: 2, instanceIds: ['i-a', 'i-b'] });
  await gate.ask({ rolloutId, phase: 'after', wave: 2, instanceIds: [] });
  const notice = { id: 'notice_1', rolloutId, channel: 'ops', atMs: T0, attempt: 2 } as const;
  for (const kind of ['approval-needed', 'break-glass', 'halted', 'ended'] as const) {
    await notifier.deliver({ ...notice, kind, data: { note: '第二行' } }, T0 + 60_000);
  }

  const sections = asked.map(({ method, url: target, headers, body }) => {
    const told = Object.entries(headers).filter(([name]) => /^(content-type|webhook-)/.test(name));
    const lines = told.map(([name, value]) => `header ${name}: ${value}`).toSorted();
    return [`${method} ${target}`, [...lines, exact(body.toString())]] as const;
  });
  expect(sections).toHaveLength(6);
  expectGolden(expect, 'outbound-http.txt', sections);
});

import { test } from 'vitest';
import { closeIdleEcsSockets } from '../../../../shared/outbound/ecs/idle-sockets.ts';
import { anEcs, aServer, sends } from './a-server.ts';

test('a connection is kept between calls, and closed when told to', async ({ expect }) => {
  const ports: (number | undefined)[] = [];
  const { url } = await aServer((response, request, nth) => {
    ports.push(request.socket.remotePort);
    sends(200, { RequestId: 'R', KeyPairs: { KeyPair: [] } })(response, request, nth);
  });
  const ecs = anEcs(url);
  closeIdleEcsSockets();
  await ecs.findKeyPair('ops');
  await ecs.findKeyPair('ops');
  expect(closeIdleEcsSockets()).toBe(1);
  expect(closeIdleEcsSockets()).toBe(0);
  await ecs.findKeyPair('ops');
  expect(ports[0]).toBe(ports[1]);
  expect(ports[2]).not.toBe(ports[1]);
});

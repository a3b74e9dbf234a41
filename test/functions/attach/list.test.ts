import { test } from 'vitest';
import { anHttpEvent } from '../../models/http-event.ts';
import { aFleet, aService } from '../../support/attach-service.ts';

/** One rollout after another, each of one instance. */
async function aServiceWith(count: number) {
  const service = aService(aFleet(count));
  const ids: string[] = [];
  for (const { instanceId } of aFleet(count)) {
    ids.push(await service.begin({ instanceIds: [instanceId], note: `for ${instanceId}` }));
    service.world.pass(1_000);
  }
  return { ...service, newestFirst: ids.toReversed() };
}

const idsIn = (json: { rollouts: { rolloutId: string }[] }) =>
  json.rollouts.map(({ rolloutId }) => rolloutId);

test('GET /rollouts lists the newest first, each with its status and counts', async ({
  expect,
}) => {
  const { get, world, newestFirst } = await aServiceWith(2);
  const { statusCode, json } = await get('/rollouts');
  expect(statusCode).toBe(200);
  expect(json).toEqual({
    rollouts: newestFirst.map((rolloutId, index) => ({
      rolloutId,
      status: 'restarting',
      createdAtMs: world.now() - (index + 1) * 1_000,
      keyPair: { name: 'ops', fingerprint: 'fp-ops' },
      note: `for i-${index === 0 ? 'b' : 'a'}`,
      totalCount: 1,
      attachedCount: 1,
      failCount: 0,
      skipCount: 0,
      unknownCount: 0,
      waitingCount: 0,
    })),
    next: null,
  });
});

test('page after page gives each once, and the last one says so', async ({ expect }) => {
  const { get, newestFirst } = await aServiceWith(5);
  const seen: string[] = [];
  let after: string | null = null;
  let pages = 0;
  do {
    const query: Record<string, string> = after === null ? { limit: '2' } : { limit: '2', after };
    const { json } = await get('/rollouts', query);
    seen.push(...idsIn(json));
    after = json.next;
    pages += 1;
  } while (after !== null);
  expect(seen).toEqual(newestFirst);
  expect(pages).toBe(3);
});

test('an empty list is a list', async ({ expect }) => {
  expect((await aService().get('/rollouts')).json).toEqual({ rollouts: [], next: null });
});

test('a place in the list whose row never came, or is of another time, is passed over', async ({
  expect,
}) => {
  const { get, newestFirst } = await (async () => {
    const service = aService(aFleet(2), {
      rollouts: (rollouts) => ({
        create: (rollout) => rollouts.create(rollout),
        load: (id) => rollouts.load(id),
        save: (before, after) => rollouts.save(before, after),
        open: () => rollouts.open(),
        close: (entry) => rollouts.close(entry),
        reopen: (entry) => rollouts.reopen(entry),
        countOpen: (client, atMost) => rollouts.countOpen(client, atMost),
        newest: async (limit, after) => {
          const entries = await rollouts.newest(limit, after);
          const stale = entries.map((entry) => ({ ...entry, createdAtMs: 7 }));
          return [{ rolloutId: 'ro-none', createdAtMs: 1 }, ...entries, ...stale];
        },
      }),
    });
    return { ...service, newestFirst: [await service.begin()] };
  })();
  expect(idsIn((await get('/rollouts')).json)).toEqual(newestFirst);
});

test.for<[Record<string, string>, string]>([
  [{ limit: '0' }, '/limit'],
  [{ limit: '101' }, '/limit'],
  [{ limit: '2.5' }, '/limit'],
  [{ limit: '' }, '/limit'],
  [{ after: '' }, '/after'],
  [{ after: 'x' }, '/after'],
  [{ after: Buffer.from('1.ro-1').toString('base64url') }, '/after'],
  [{ status: 'done' }, '/status'],
])('the query %o is refused', async ([query, pointer], { expect }) => {
  const reply = await aService().get('/rollouts', query);
  expect(reply.statusCode).toBe(422);
  expect(reply.json.errors.map((one: { pointer: string }) => one.pointer)).toEqual([pointer]);
});

test.for(['1', '100'])('the limit %s is taken', async (limit, { expect }) => {
  expect((await aService().get('/rollouts', { limit })).statusCode).toBe(200);
});

test('the query is signed: a signature of the path alone shows no other page', async ({
  expect,
}) => {
  const { send } = aService();
  const query = { limit: '2' };
  const event = anHttpEvent({ method: 'GET', path: '/rollouts', query, signed: 'GET /rollouts' });
  expect((await send(event)).statusCode).toBe(401);
});

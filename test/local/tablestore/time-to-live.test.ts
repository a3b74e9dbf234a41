import TableStore from 'tablestore';
import { afterAll, beforeEach, test } from 'vitest';
import { condition, DAY_MS, plain, refusal, startCloud, type TestCloud } from './cloud.ts';

const clouds: TestCloud[] = [];
let cloud: TestCloud;
beforeEach(async () => {
  cloud = await startCloud();
  clouds.push(cloud);
  cloud.store.createTable({
    name: 'short',
    primaryKey: [{ name: 'id', type: 'STRING' }],
    timeToLiveSeconds: 86_400,
  });
});
afterAll(() => Promise.all(clouds.map((each) => each.close())));

const primaryKey = [{ id: 'a' }];
const put = (cond: object = condition.ignore) =>
  cloud.client.putRow({
    tableName: 'short',
    condition: cond,
    primaryKey,
    attributeColumns: [{ first: 'x' }],
  });
const get = async () => plain((await cloud.client.getRow({ tableName: 'short', primaryKey })).row);
const scan = async () =>
  (
    await cloud.client.getRange({
      tableName: 'short',
      direction: TableStore.Direction.FORWARD,
      inclusiveStartPrimaryKey: [{ id: TableStore.INF_MIN }],
      exclusiveEndPrimaryKey: [{ id: TableStore.INF_MAX }],
    })
  ).rows.length;

test('a row is there until its time to live is over, and gone at once then', async ({ expect }) => {
  await put();
  cloud.clock.advance(DAY_MS - 1);
  expect([await get(), await scan()]).toEqual([{ first: 'x' }, 1]);
  expect(await refusal(put(condition.absent))).toContain('OTSConditionCheckFail');
  cloud.clock.advance(1);
  expect([await get(), await scan()]).toEqual([undefined, 0]);
  expect(cloud.store.state()).toMatchObject([{ rows: [] }]);
  await put(condition.absent);
  expect(await get()).toEqual({ first: 'x' });
});

test('each column lives for itself: an update renews only what it writes', async ({ expect }) => {
  await put();
  cloud.clock.advance(DAY_MS / 2);
  await cloud.client.updateRow({
    tableName: 'short',
    condition: condition.exists,
    primaryKey,
    updateOfAttributeColumns: [{ PUT: [{ second: 'y' }] }],
  });
  cloud.clock.advance(DAY_MS / 2);
  expect(await get()).toEqual({ second: 'y' });
  cloud.clock.advance(DAY_MS / 2);
  expect(await get()).toBeUndefined();
});

test('a longer time to live brings back what was not overwritten', async ({ expect }) => {
  await put();
  cloud.clock.advance(DAY_MS);
  expect(await get()).toBeUndefined();
  await cloud.client.updateTable({ tableName: 'short', tableOptions: { timeToLive: -1 } });
  expect(await get()).toEqual({ first: 'x' });
});

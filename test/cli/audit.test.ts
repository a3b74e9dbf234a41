import { describe, test } from 'vitest';
import type { OperatorPorts } from '../../cli/operator/operator-ports.ts';
import type { AuditEntry } from '../../shared/domain/model/audit.ts';
import { run } from './cli-world.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 12);
const HOUR_MS = 3_600_000;

function anEntry(over: Partial<AuditEntry>): AuditEntry {
  return {
    seq: 0,
    atMs: NOW_MS - HOUR_MS,
    what: 'created',
    count: 2,
    detail: '',
    requestId: '',
    by: '',
    rolloutId: 'ro-a',
    regionId: 'cn-hangzhou',
    keyPairName: 'ops',
    door: 'webhook',
    client: 'ci',
    instanceIds: ['i-a', 'i-b'],
    ...over,
  };
}

const OF_ALICE = { rolloutId: 'ro-b', keyPairName: 'old', client: 'alice', door: 'chat' } as const;

const ENTRIES = [
  anEntry({}),
  anEntry({ ...OF_ALICE, instanceIds: ['i-c'] }),
  anEntry({ seq: 1, what: 'attached', instanceIds: null }),
  anEntry({ ...OF_ALICE, seq: 1, what: 'approved', by: 'bob or-1', instanceIds: null }),
];

const ENV = {
  REGION_ID: 'cn-hangzhou',
  ACCOUNT_ID: '1000000000000000',
  TABLESTORE_INSTANCE: 'latchkey',
};

/** `latchkey audit` over these entries. `asked` is the period that was read. */
async function audit(args: readonly string[], env: Readonly<Record<string, string>> = ENV) {
  const asked: number[] = [];
  const ports: Pick<OperatorPorts, 'audit'> = {
    async *audit(fromMs, untilMs) {
      asked.push(fromMs, untilMs);
      yield* ENTRIES;
    },
  };
  const never = () => Promise.reject(new Error('never'));
  const ran = await run(
    ['audit', ...args],
    {
      http: never,
      nowMs: () => NOW_MS,
      pause: never,
      newId: () => 'msg_1',
      operator: () => Promise.resolve(ports as OperatorPorts),
    },
    { env },
  );
  return { ...ran, asked };
}

const lines = (out: string) =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as AuditEntry)
    .map(({ rolloutId, what }) => `${rolloutId} ${what}`);

describe('the audit trail', () => {
  test('prints a table, or a JSON line for each entry', async ({ expect }) => {
    const { out, exit } = await audit([]);
    expect(exit).toBe(0);
    expect(out.split('\n')[0]).toMatch(/^when +rollout +key pair +what/);
    expect(out).toContain('2026-11-24 11:00:00Z');
    expect(lines((await audit(['--json'])).out)).toHaveLength(ENTRIES.length);
  });

  test.for([
    [
      ['--instance', 'i-a'],
      ['ro-a created', 'ro-a attached'],
    ],
    [['--instance', 'i-nobody'], []],
    [
      ['--key-pair', 'old'],
      ['ro-b created', 'ro-b approved'],
    ],
    [
      ['--rollout', 'ro-a'],
      ['ro-a created', 'ro-a attached'],
    ],
    [['--what', 'approved'], ['ro-b approved']],
    // The rollout that alice asked for, and what bob did himself.
    [
      ['--by', 'alice'],
      ['ro-b created', 'ro-b approved'],
    ],
    [['--by', 'bob'], ['ro-b approved']],
    [['--by', 'bo'], []],
    [['--instance', 'i-c', '--what', 'created'], ['ro-b created']],
  ] as const)('is filtered by %j', async ([args, expected], { expect }) => {
    const { out } = await audit([...args, '--json']);
    expect(out.trim() === '' ? [] : lines(out)).toEqual(expected);
  });

  test('starts at an age or a time, seven days ago by default', async ({ expect }) => {
    const from = async (...args: readonly string[]) => (await audit(args)).asked[0];
    expect(await from()).toBe(NOW_MS - 7 * 24 * HOUR_MS);
    expect(await from('--since', '90m')).toBe(NOW_MS - 1.5 * HOUR_MS);
    expect(await from('--since', '2026-11-24')).toBe(Date.UTC(2026, 10, 24));
    expect(await from('--since', '2026-11-24T08:00:00+08:00')).toBe(Date.UTC(2026, 10, 24));
    expect((await audit(['--until', '1h'])).asked[1]).toBe(NOW_MS - HOUR_MS);
    // Entries of the current millisecond are included.
    expect((await audit([])).asked[1]).toBe(NOW_MS + 1);
  });

  test.for(['soon', '2026-13-01', '24.11.2026', '5w', '-1h', ''])(
    'refuses to begin at %j, and says how a time is written',
    async (since, { expect }) => {
      const { exit, err, asked } = await audit([`--since=${since}`]);
      expect(exit).toBe(2);
      expect(err).toContain('2026-11-24T08:00:00+08:00');
      expect(asked).toEqual([]);
    },
  );

  test('names the missing setting', async ({ expect }) => {
    const { exit, err } = await audit([], {
      REGION_ID: 'cn-hangzhou',
      TABLESTORE_INSTANCE: 'latchkey',
    });
    expect([exit, err]).toEqual([2, expect.stringContaining('ACCOUNT_ID is missing')]);
  });
});

import { FEW, MANY, type RolloutCost } from '../growth.ts';
import type { Machine } from '../machine.ts';
import type { ColdStartTimes, Measured, Results } from '../results.ts';
import { fleetTables } from './fleet.ts';
import { of, thousands } from './numbers.ts';
import { table } from './table.ts';

/** The generated sections of docs/performance.md, by name. */
export function sectionsOf(results: Results): Map<string, string> {
  const { coldStart, deployedColdStart, fleet, warm, growth } = results;
  const sections = new Map<string, string>();
  if (coldStart) {
    sections.set('cold-start', below(coldStart.machine, coldStartTable(coldStart.result)));
  }
  if (deployedColdStart) {
    const { machine, result } = deployedColdStart;
    const text = result === null ? NO_QUOTA : coldStartTable(result);
    sections.set('deployed-cold-start', below(machine, text));
  }
  if (fleet) {
    const { fleet: first, ...others } = fleetTables(fleet.result);
    sections.set('fleet', below(fleet.machine, first!));
    for (const [name, text] of Object.entries(others)) sections.set(name, text);
  }
  if (warm) sections.set('warm', below(warm.machine, warmTables(warm.result)));
  if (growth) sections.set('growth', below(growth.machine, growthTable(growth.result)));
  return sections;
}

const NO_QUOTA = 'Not measured: this machine cannot limit a process to a part of a core.';

function below({ date, cpu, cores, memoryGb, node, commit, loadAverage }: Machine, text: string) {
  const machine = `${cpu}, ${cores} cores, ${memoryGb} GB, Node ${node.slice(1)}`;
  const when = `${date.slice(0, 10)}, commit ${commit}`;
  return `Measured ${when}, on ${machine}, load average ${loadAverage} before the start.\n\n${text}`;
}

const SUBJECTS: readonly (readonly [name: string, label: string])[] = [
  ['bare', 'bare Node, no call'],
  ['handWritten', 'hand-written signer over `node:https`'],
  ['launch', '`launch`'],
  ['chat', '`chat`, a slash command'],
  ['restart', '`restart`'],
  ['attach', '`attach`'],
  ['popCore', '`@alicloud/pop-core`'],
  ['sdkWhole', 'SDK, bundled whole'],
  ['sdkInstalled', 'SDK as installed'],
];

function coldStartTable(subjects: Measured['coldStart']): string {
  const over = (subject: ColdStartTimes, name: string) => {
    const other = subjects[name]?.firstCallMs;
    if (!subject.firstCallMs || !other) return '';
    return `${(subject.firstCallMs.median / other.median).toFixed(2)} ×`;
  };
  const rows = SUBJECTS.flatMap(([name, label]) => {
    const subject = subjects[name];
    if (subject === undefined) return [];
    const { importMs, firstCallMs } = subject;
    return [
      [
        label,
        of(importMs, 1),
        firstCallMs === null ? '' : of(firstCallMs, 1),
        over(subject, 'handWritten'),
        over(subject, 'sdkInstalled'),
      ],
    ];
  });
  return table(
    ['', 'import, ms', 'first signed call, ms', 'vs. hand-written', 'vs. SDK as installed'],
    rows,
  );
}

function warmTables({ handler, rps, memory, memoryHere, cloud }: Measured['warm']): string {
  const { get, dryRun } = handler;
  const times = table(
    ['handler time, ms', 'p50', 'p99', 'requests'],
    [
      ['`GET` of a rollout of 100 instances', get],
      ['dry run over 100 instances', dryRun],
    ].map(([label, time]) => {
      const { p50Ms, p99Ms, requests } = time as typeof get;
      return [label as string, p50Ms.toFixed(2), p99Ms.toFixed(2), thousands(requests)];
    }),
  );
  const values = table(
    ['', 'measured', 'target'],
    [
      ['signed `GET`s per second through the local host', of(rps), ''],
      ['one `attach`, heap as deployed: resident, MB', thousands(memory.rssMb), '≤ 90'],
      ['… heap in use after 2,000 requests, MB', of(memory.earlyHeapMb, 1), ''],
      ['… heap in use after 10,000 requests, MB', of(memory.lateHeapMb, 1), ''],
      ['… growth', memory.heapGrowth.toFixed(2), '≤ 1.1'],
      ['one `attach`, heap as on this machine: resident, MB', thousands(memoryHere.rssMb), ''],
      ['local cloud with 1,000 instances: resident, MB', thousands(cloud.peakRssMb), '≤ 300'],
    ],
  );
  return `${times}\n\n${values}`;
}

function growthTable({ costs, growth }: Measured['growth']): string {
  const [few, many] = [costs[FEW]!, costs[MANY]!];
  const row = (label: string, pick: (cost: RolloutCost) => string, ratio?: number) => [
    label,
    pick(few),
    pick(many),
    ratio === undefined ? '' : `${ratio.toFixed(2)} ×`,
  ];
  return table(
    ['a rollout of', `${FEW}`, thousands(MANY), 'per instance'],
    [
      row('answered after, ms', ({ answerMs }) => of(answerMs)),
      row('all ready after, ms', ({ readyMs }) => of(readyMs), growth.ready),
      row('processor time of functions, ms', ({ functionCpuMs }) => of(functionCpuMs), growth.cpu),
      row('invocations', ({ invocations }) => thousands(invocations.median)),
      row('calls to ECS', ({ ecsCalls }) => thousands(ecsCalls.median)),
      row('calls to Tablestore', ({ storeCalls }) => thousands(storeCalls.median)),
      row('calls to SMQ', ({ queueCalls }) => thousands(queueCalls.median)),
      row('… calls in all', callsInAll, growth.calls),
      row('messages', ({ messages }) => thousands(messages), growth.messages),
      row('KB written', ({ bytesWritten }) => thousands(bytesWritten.median / 1e3), growth.bytes),
    ],
  );
}

function callsInAll({ ecsCalls, storeCalls, queueCalls }: RolloutCost): string {
  return thousands(ecsCalls.median + storeCalls.median + queueCalls.median);
}

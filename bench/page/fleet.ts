import type { FleetResult } from '../fleet.ts';
import type { PeerName } from '../peers/index.ts';
import { sumOf } from '../sum-of.ts';
import { of, thousands } from './numbers.ts';
import { table } from './table.ts';

const PEER_LABELS: Readonly<Record<PeerName, string>> = {
  terraform: 'Terraform, `force`',
  oos: 'OOS, concurrency 10',
  cliLoop: 'shell loop over the CLI',
};

/** Latchkey and its ideal, other tools, a fleet with unusual instances, and calls in flight. */
export function fleetTables(result: FleetResult): Readonly<Record<string, string>> {
  return {
    fleet: fleetTable(result),
    'fleet-peers': peersTable(result),
    'fleet-mixed': mixedTable(result),
    'fleet-in-flight': inFlightTable(result),
  };
}

function fleetTable({ fleets }: FleetResult): string {
  const sizes = Object.keys(fleets);
  const row = (label: string, cell: (cost: FleetResult['fleets'][string]) => string) => [
    label,
    ...sizes.map((size) => cell(fleets[size]!)),
  ];
  return table(
    ['a rollout of', ...sizes.map((size) => thousands(Number(size)))],
    [
      row('answered after, ms', ({ answerMs }) => of(answerMs)),
      row('… ideal, ms', ({ idealAnswerMs }) => thousands(idealAnswerMs)),
      row('… over the ideal', ({ ratio }) => `${ratio.toFixed(2)} ×`),
      row('all ready after, s', ({ readyMs }) => thousands(readyMs.median / 1e3, 1)),
      row('… ideal, s', ({ idealReadyMs }) => thousands(idealReadyMs / 1e3, 1)),
      row('calls to ECS', ({ calls }) => thousands(sumOf(calls))),
      row('… minimum', ({ minimalCalls }) => thousands(minimalCalls)),
      row('… over the minimum', ({ callsRatio }) => `${callsRatio.toFixed(2)} ×`),
    ],
  );
}

function peersTable({ fleets, peers }: FleetResult): string {
  const sizes = Object.keys(fleets);
  const cells = (value: (size: string) => readonly [calls: number, tookMs: number]) =>
    sizes.flatMap((size) => {
      const [calls, tookMs] = value(size);
      return [thousands(calls), thousands(tookMs / 1e3)];
    });
  return table(
    ['', ...sizes.flatMap((size) => [`${thousands(Number(size))}: calls`, 'seconds'])],
    [
      [
        'Latchkey',
        ...cells((size) => {
          const { calls, readyMs } = fleets[size]!;
          return [sumOf(calls), readyMs.median];
        }),
      ],
      ...Object.entries(PEER_LABELS).map(([name, label]) => [
        label,
        ...cells((size) => {
          const { totalCalls, tookMs } = peers[name as PeerName][size]!;
          return [totalCalls, tookMs];
        }),
      ]),
    ],
  );
}

function mixedTable({ mixed: { latchkey, peers } }: FleetResult): string {
  const row = (label: string, run: (typeof peers)[PeerName] | typeof latchkey, end: string) => [
    label,
    end,
    `${run.leftOut}`,
    `${run.restartedInVain}`,
    `${run.forced}`,
    `${run.mostDown}`,
  ];
  return table(
    ['', 'outcome', 'left without the key', 'restarted in vain', 'powered off', 'down at once'],
    [
      row('Latchkey', latchkey, 'done'),
      ...Object.entries(PEER_LABELS).map(([name, label]) => {
        const run = peers[name as PeerName];
        return row(label, run, run.said === '' ? 'success' : 'error');
      }),
    ],
  );
}

function inFlightTable({ inFlight }: FleetResult): string {
  const rows = Object.entries(inFlight).map(([count, time]) => [count, of(time)]);
  return table(['calls in flight', 'time to attach to 1,000, ms'], rows);
}

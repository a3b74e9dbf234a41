import type { TopLevelSpec } from 'vega-lite';
import type { FleetResult } from '../fleet.ts';
import { sumOf } from '../sum-of.ts';

const SIZE = '1000';
const LATCHKEY = '#1f4e79';
const OTHERS = '#a9a9a9';

/** Calls to ECS and time for 1,000 instances, of Latchkey and of other tools. */
export function fleetPlot({ fleets, peers }: FleetResult): TopLevelSpec {
  const { calls, readyMs } = fleets[SIZE]!;
  const values = [
    { label: 'Latchkey', calls: sumOf(calls), minutes: readyMs.median / 60_000 },
    ...(['terraform', 'oos', 'cliLoop'] as const).map((name) => ({
      label: { terraform: 'Terraform, force', oos: 'OOS', cliLoop: 'shell loop' }[name],
      calls: peers[name][SIZE]!.totalCalls,
      minutes: peers[name][SIZE]!.tookMs / 60_000,
    })),
  ];
  const panel = (field: 'calls' | 'minutes', title: string, digits: number, labels: boolean) => {
    const y = {
      field: 'label' as const,
      type: 'nominal' as const,
      sort: values.map(({ label }) => label),
      title: null,
      axis: labels ? {} : null,
    };
    const most = Math.max(...values.map((value) => value[field]));
    const x = {
      field,
      type: 'quantitative' as const,
      title: null,
      // Room for the number beside the longest bar.
      scale: { domain: [0, most * 1.2] },
      axis: { tickCount: 4 },
    };
    const shown = values.map((value) => ({
      ...value,
      text: value[field].toLocaleString('en', { maximumFractionDigits: digits }),
    }));
    return {
      title: { text: title, fontSize: 12, anchor: 'start' as const },
      width: 240,
      height: { step: 32 },
      data: { values: shown },
      layer: [
        {
          mark: { type: 'bar' as const, height: 18 },
          encoding: {
            y,
            x,
            color: {
              condition: { test: "datum.label === 'Latchkey'", value: LATCHKEY },
              value: OTHERS,
            },
          },
        },
        {
          mark: { type: 'text' as const, align: 'left' as const, dx: 6, fontSize: 12 },
          encoding: { y, x, text: { field: 'text', type: 'nominal' as const } },
        },
      ],
    };
  };
  return {
    title: {
      text: 'Making a key pair effective on 1,000 instances',
      subtitle: 'Same emulated ECS, same latency of each call, same boot times',
    },
    hconcat: [
      panel('calls', 'calls to ECS', 0, true),
      panel('minutes', 'minutes until the end', 1, false),
    ],
  };
}

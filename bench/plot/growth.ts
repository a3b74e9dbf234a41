import type { TopLevelSpec } from 'vega-lite';
import type { GrowthResult } from '../growth.ts';

/** How much more an instance of the large rollout may cost than one of the small one: our own choice. */
const LIMIT = 1.15;

const LABELS: Readonly<Record<keyof GrowthResult['growth'], string>> = {
  cpu: 'processor time of the functions',
  calls: 'calls to ECS, store and queue',
  messages: 'messages',
  bytes: 'bytes written to the store',
  ready: 'time until all are ready',
};

/** The cost per instance in a rollout of 1,000 instances over that in one of 100. */
export function growthPlot({ growth }: GrowthResult): TopLevelSpec {
  const values = Object.entries(LABELS).map(([name, label]) => {
    const ratio = growth[name as keyof typeof growth];
    return { label, ratio, text: ratio.toFixed(2) };
  });
  const y = {
    field: 'label',
    type: 'nominal',
    sort: values.map(({ label }) => label),
    title: null,
  } as const;
  return {
    title: {
      text: 'Growth: cost per instance with 1,000 instances, relative to 100',
      subtitle: `1 is linear, less is better; the dashed line is the limit of ${LIMIT}`,
    },
    width: 440,
    height: { step: 32 },
    layer: [
      {
        data: { values },
        mark: { type: 'bar', height: 18, color: '#1f4e79' },
        encoding: {
          y,
          x: {
            field: 'ratio',
            type: 'quantitative',
            title: null,
            scale: {
              domain: [0, Math.max(LIMIT + 0.1, ...values.map(({ ratio }) => ratio + 0.1))],
            },
          },
        },
      },
      {
        data: { values },
        mark: { type: 'text', align: 'left', dx: 6, fontSize: 12, color: '#333333' },
        encoding: {
          y,
          x: { field: 'ratio', type: 'quantitative' },
          text: { field: 'text', type: 'nominal' },
        },
      },
      {
        data: { values: [{ limit: LIMIT }] },
        mark: { type: 'rule', color: '#b03a2e', strokeDash: [4, 4] },
        encoding: { x: { field: 'limit', type: 'quantitative' } },
      },
    ],
  };
}

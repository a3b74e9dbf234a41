import type { TopLevelSpec } from 'vega-lite';
import type { Measured } from '../results.ts';

/** Subjects that were not measured are left out. */
const SUBJECTS: readonly (readonly [name: string, label: string])[] = [
  ['handWritten', 'hand-written signer'],
  ['launch', 'Latchkey: launch'],
  ['attach', 'Latchkey: attach'],
  ['restart', 'Latchkey: restart'],
  ['sdkWhole', 'SDK, bundled whole'],
  ['popCore', '@alicloud/pop-core'],
  ['sdkInstalled', 'SDK as installed'],
];

const PHASES = { import: 'import', call: 'first signed call' };

/** The time until the first signed call is answered, and the share of the import in it. */
export function coldStartPlot(subjects: Measured['coldStart']): TopLevelSpec {
  const measured = SUBJECTS.flatMap(([name, label]) => {
    const subject = subjects[name];
    return subject?.firstCallMs ? [{ label, ...subject, firstCallMs: subject.firstCallMs }] : [];
  }).toSorted((a, b) => a.firstCallMs.median - b.firstCallMs.median);
  const bars = measured.flatMap(({ label, importMs, firstCallMs }) => [
    { label, phase: PHASES.import, fromMs: 0, toMs: importMs.median },
    { label, phase: PHASES.call, fromMs: importMs.median, toMs: firstCallMs.median },
  ]);
  const ends = measured.map(({ label, firstCallMs: { median, min, max } }) => ({
    label,
    minMs: min,
    maxMs: max,
    text: `${Math.round(median)} ms`,
  }));
  const y = {
    field: 'label',
    type: 'nominal',
    sort: measured.map(({ label }) => label),
    title: null,
  } as const;
  return {
    title: {
      text: 'Cold start: import and first signed call',
      subtitle:
        'Milliseconds in a fresh process: medians, with lines from the fastest to the slowest round',
    },
    width: 480,
    height: { step: 32 },
    layer: [
      {
        data: { values: bars },
        mark: { type: 'bar', height: 18 },
        encoding: {
          y,
          x: { field: 'fromMs', type: 'quantitative', title: null },
          x2: { field: 'toMs' },
          color: {
            field: 'phase',
            type: 'nominal',
            sort: [PHASES.import, PHASES.call],
            scale: { domain: [PHASES.import, PHASES.call], range: ['#1f4e79', '#8db8dd'] },
            legend: { orient: 'bottom', title: null },
          },
        },
      },
      {
        data: { values: ends },
        mark: { type: 'rule', color: '#333333' },
        encoding: { y, x: { field: 'minMs', type: 'quantitative' }, x2: { field: 'maxMs' } },
      },
      {
        data: { values: ends },
        mark: { type: 'text', align: 'left', dx: 8, fontSize: 12, color: '#333333' },
        encoding: {
          y,
          x: { field: 'maxMs', type: 'quantitative' },
          text: { field: 'text', type: 'nominal' },
        },
      },
    ],
  };
}

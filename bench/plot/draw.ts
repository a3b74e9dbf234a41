import { parse, View } from 'vega';
import { compile, type Config, type TopLevelSpec } from 'vega-lite';

/** Light and dark pages show the same file, so it is readable on both. */
const LOOK: Config = {
  background: '#ffffff',
  padding: 16,
  font: 'Helvetica, Arial, sans-serif',
  view: { stroke: null },
  title: {
    anchor: 'start',
    fontSize: 15,
    subtitleFontSize: 12,
    subtitleColor: '#555555',
    offset: 14,
  },
  axis: {
    labelFontSize: 12,
    labelLimit: 0,
    labelPadding: 8,
    labelFlush: false,
    domain: false,
    ticks: false,
    tickCount: 6,
    gridColor: '#e4e4e4',
  },
  legend: { labelFontSize: 12, labelLimit: 0 },
};

/** @returns the same SVG for the same plot, whatever fonts the machine has */
export async function draw(plot: TopLevelSpec): Promise<string> {
  const { spec } = compile({ ...plot, config: LOOK });
  const view = new View(parse(spec), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  return `${svg}\n`;
}

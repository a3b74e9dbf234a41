import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fill } from './page/fill.ts';
import { sectionsOf } from './page/sections.ts';
import { coldStartPlot } from './plot/cold-start.ts';
import { draw } from './plot/draw.ts';
import { fleetPlot } from './plot/fleet.ts';
import { growthPlot } from './plot/growth.ts';
import { readResults, type Results } from './results.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const RESULTS_PATH = join(ROOT, 'bench', 'results.json');
const PAGE_PATH = join(ROOT, 'docs', 'performance.md');

/** docs/performance.md and its plots, by path, as they follow from `bench/results.json`. */
export async function pageAndPlots(): Promise<Map<string, string>> {
  const results = readResults(RESULTS_PATH);
  const page = fill(readFileSync(PAGE_PATH, 'utf8'), sectionsOf(results));
  return new Map([[PAGE_PATH, page], ...(await plotsOf(results))]);
}

/** There is no plot of a part that was not measured. */
async function plotsOf({ coldStart, fleet, growth }: Results): Promise<Map<string, string>> {
  const plots = new Map<string, string>();
  const path = (name: string) => join(ROOT, 'docs', `${name}.svg`);
  if (coldStart) plots.set(path('cold-start'), await draw(coldStartPlot(coldStart.result)));
  if (fleet) plots.set(path('fleet'), await draw(fleetPlot(fleet.result)));
  if (growth) plots.set(path('growth'), await draw(growthPlot(growth.result)));
  return plots;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of await pageAndPlots()) {
    writeFileSync(path, text);
    console.log(relative(ROOT, path));
  }
}

import type { Api } from '../api/client.ts';
import { asItCame, type RolloutView } from '../api/views.ts';
import { EXIT, type ExitStatus } from '../exit.ts';
import { type Io, printLines } from '../io.ts';
import { printJsonLine } from '../show/json.ts';
import { showNextCalls } from '../show/next-calls.ts';
import { type Paint, paintFor } from '../show/paint.ts';
import { changeOf, frameOf, lineOf } from '../show/progress.ts';
import { historyLine, instanceTable } from '../show/rollout.ts';
import { firstRows } from '../show/first-rows.ts';
import { plain } from '../show/text.ts';
import { endOf, isBad } from './rollout-exit-status.ts';
import { follow, type FollowOptions } from './follow.ts';
import { liveArea } from './live-area.ts';

export interface WatchOptions {
  readonly everyMs: number;
  readonly limitMs: number | undefined;
  readonly json: boolean;
}

/** Shows a rollout live until it is over, then what went wrong and what can be done. */
export async function watch(
  rolloutId: string,
  api: Api,
  io: Io,
  { everyMs, limitMs, json }: WatchOptions,
): Promise<ExitStatus> {
  const onLook = json ? asJson(io) : asText(io);
  const { kind, rollout } = await follow(rolloutId, api, io, { everyMs, limitMs, onLook });
  if (json) printJsonLine(io.out, asItCame(rollout));
  else printLines(io.out, showEnd(rollout, paintFor(io.out, io)));
  if (kind === 'over') return endOf(rollout);
  io.err.write('the time to watch is over; the rollout goes on\n');
  return EXIT.unfinished;
}

type Show = FollowOptions['onLook'];

/** Drawn over in a terminal, line by line elsewhere. */
export function asText(io: Io): Show {
  return io.out.isTerminal ? inTerminal(io) : inLog(io);
}

function inTerminal(io: Io): Show {
  const area = liveArea(io.out);
  const paint = paintFor(io.out, io);
  return (rollout, trouble) => {
    const { columns, rows } = io.out;
    if (rollout === undefined) area.draw([plain(trouble)]);
    else area.draw(frameOf(rollout, { nowMs: io.nowMs(), columns, rows, paint, trouble }));
  };
}

/** A line for each change, and what happened since the one before. */
function inLog(io: Io): Show {
  let lastChange = '';
  let lastTrouble = '';
  let seen = new Set<string>();
  return (rollout, trouble) => {
    if (trouble !== '' && trouble !== lastTrouble) io.err.write(`${plain(trouble)}\n`);
    lastTrouble = trouble;
    if (rollout === undefined) return;
    const { history } = rollout;
    const news = history.filter((entry) => !seen.has(JSON.stringify(entry)));
    printLines(
      io.out,
      news.map((entry) => `  ${historyLine(entry)}`),
    );
    seen = new Set(history.map((entry) => JSON.stringify(entry)));
    const change = changeOf(rollout);
    if (change !== lastChange) printLines(io.out, [lineOf(rollout, io.nowMs())]);
    lastChange = change;
  };
}

/** What changed, without the instances and the history: these come whole with the last line. */
function asJson(io: Io): Show {
  let last = '';
  return (rollout, trouble) => {
    if (trouble !== '') io.err.write(`${plain(trouble)}\n`);
    if (rollout === undefined) return;
    const change = changeOf(rollout);
    const whole = asItCame(rollout) as RolloutView;
    const { results: _results, history: _history, ...rest } = whole;
    if (change !== last) printJsonLine(io.out, rest);
    last = change;
  };
}

/** What went wrong, and what can be done. */
export function showEnd(rollout: RolloutView, paint: Paint): string[] {
  const bad = rollout.results.filter(isBad);
  const { shown, rest } = firstRows(bad, false);
  return [
    ...(bad.length === 0 ? [] : [...instanceTable(shown, paint), ...rest]),
    ...showNextCalls(rollout),
  ];
}

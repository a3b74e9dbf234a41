import type { Api } from '../api/client.ts';
import { asItCame, type RolloutView } from '../api/views.ts';
import { EXIT, type ExitStatus } from '../exit.ts';
import { type Flags, watchTimes } from '../flags.ts';
import { type Io, printLines } from '../io.ts';
import { printJsonLine } from '../show/json.ts';
import { type Paint, paintFor } from '../show/paint.ts';
import { changeOf, frameOf, lineOf } from '../show/progress.ts';
import { historyLine, instanceTable, showNextCalls } from '../show/rollout.ts';
import { plain } from '../show/text.ts';
import { follow, type FollowOptions, isBad, isOver, rolloutExitStatus } from './follow.ts';
import { liveArea } from './live-area.ts';

/** Follows a rollout until it is over, and then prints what went wrong and what can be done. */
export async function watch(
  rolloutId: string,
  api: Api,
  io: Io,
  flags: Flags,
): Promise<ExitStatus> {
  const onPoll = flags.json ? asJson(io) : asText(io);
  const rollout = await follow(rolloutId, api, io, { ...watchTimes(flags), onPoll });
  if (flags.json) printJsonLine(io.out, asItCame(rollout));
  else printLines(io.out, showEnd(rollout, paintFor(io.out, io)));
  if (isOver(rollout)) return rolloutExitStatus(rollout);
  io.err.write('stopped watching after --for-seconds; the rollout continues\n');
  return EXIT.unfinished;
}

type OnPoll = FollowOptions['onPoll'];

/** Redraws in a terminal, and prints line by line elsewhere. */
export function asText(io: Io): OnPoll {
  return io.out.isTerminal ? inTerminal(io) : inLog(io);
}

function inTerminal(io: Io): OnPoll {
  const draw = liveArea(io.out);
  const paint = paintFor(io.out, io);
  return (rollout, trouble) => {
    if (rollout === undefined) draw([plain(trouble)]);
    else draw(frameOf(rollout, trouble, io.out, { nowMs: io.nowMs(), paint }));
  };
}

/** Prints a line for each change, after the history entries since the last one. */
function inLog(io: Io): OnPoll {
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

/** Prints each change without instances and history, which come with the last line. */
function asJson(io: Io): OnPoll {
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

function showEnd(rollout: RolloutView, paint: Paint): string[] {
  const bad = rollout.results.filter(isBad);
  const lines = bad.length === 0 ? [] : instanceTable(bad, { paint, all: false });
  return [...lines, ...showNextCalls(rollout)];
}

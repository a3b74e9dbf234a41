import { Argument } from 'commander';
import { asItCame, read, StopView } from '../api/views.ts';
import type { CommandSpec } from '../command.ts';
import { confirm } from '../confirm.ts';
import * as flag from '../flags.ts';
import type { Io } from '../io.ts';
import { showStop } from '../show/list.ts';
import { count } from '../show/text.ts';
import { printResult } from '../show/view.ts';
import { webhookOf } from '../webhook.ts';

export const stop: CommandSpec = {
  name: 'stop',
  summary: 'hold every rollout before its next restart',
  description: 'Holds every rollout before its next restart, until go. Does not ask.',
  args: [new Argument('<reason>', 'one line about why')],
  flags: flag.post(),
  async run({ io }, flags, reason: string) {
    const { api } = webhookOf(flags, io);
    const answer = await api.post('/stop', { action: 'stop', reason }, flags.id ?? io.newId());
    printStop(read(StopView, answer, 'the stop'), flags, io);
  },
};

export const go: CommandSpec = {
  name: 'go',
  summary: 'lift a stop',
  description:
    'Lifts a stop, so that every rollout continues. Shows who stopped and why, and asks.',
  flags: [flag.YES, ...flag.post()],
  async run({ io }, flags) {
    const { api } = webhookOf(flags, io);
    if (!flags.yes) {
      const found = read(StopView, await api.get('/stop'), 'the stop');
      const isDone = found.stop === null && flags.id === undefined;
      if (!flags.json || isDone) printStop(found, flags, io);
      if (isDone) return;
      await confirm(`Lift the stop, for ${count(found.openRollouts, 'rollout')}?`, flags, io);
    }
    const answer = await api.post('/go', { action: 'go' }, flags.id ?? io.newId());
    printStop(read(StopView, answer, 'the stop'), flags, io);
  },
};

function printStop(found: StopView, flags: flag.Flags, io: Io): void {
  printResult(io, flags, asItCame(found), (view) =>
    found.stop === null
      ? [`nothing is stopped; ${count(found.openRollouts, 'open rollout')}`]
      : showStop(found, view),
  );
}

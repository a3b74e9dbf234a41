import { Command } from 'commander';
import { asItCame, read, StopView } from '../api/views.ts';
import { confirm } from '../confirm.ts';
import type { Cli } from '../io.ts';
import { showStop } from '../show/list.ts';
import { printResult } from '../show/print-result.ts';
import { count } from '../show/text.ts';
import { webhookOf } from '../webhook.ts';
import type { ControlFlags } from './control.ts';
import { withId, withJson, withWebhook } from './flags.ts';

export function stopCommand(cli: Cli): Command {
  const { io } = cli;
  const made = new Command('stop')
    .summary('hold every rollout before its next restart')
    .description('Holds every rollout before its next restart, until go. Does not ask.')
    .argument('<reason>', 'one line about why')
    .action(async (reason: string, flags: ControlFlags) => {
      const { api } = webhookOf(flags, io);
      const answer = await api.post('/stop', { action: 'stop', reason }, flags.id ?? io.newId());
      show(read(StopView, answer, 'the stop'), flags, cli);
    });
  return withWebhook(withId(withJson(made)));
}

type GoFlags = ControlFlags & { readonly yes?: true };

export function goCommand(cli: Cli): Command {
  const { io } = cli;
  const made = new Command('go')
    .summary('lift a stop')
    .description(
      'Lifts a stop, so that every rollout continues. Shows who stopped and why, and asks.',
    )
    .option('-y, --yes', 'do not ask')
    .action(async (flags: GoFlags) => {
      const { api } = webhookOf(flags, io);
      if (!flags.yes) {
        const found = read(StopView, await api.get('/stop'), 'the stop');
        const isDone = found.stop === null && flags.id === undefined;
        if (!flags.json || isDone) show(found, flags, cli);
        if (isDone) return;
        await confirm(`Lift the stop, for ${count(found.openRollouts, 'rollout')}?`, flags, io);
      }
      const answer = await api.post('/go', { action: 'go' }, flags.id ?? io.newId());
      show(read(StopView, answer, 'the stop'), flags, cli);
    });
  return withWebhook(withId(withJson(made)));
}

function show(stop: StopView, flags: ControlFlags, { io }: Cli): void {
  printResult(io, flags, asItCame(stop), (view) =>
    stop.stop === null
      ? [`nothing is stopped; ${count(stop.openRollouts, 'open rollout')}`]
      : showStop(stop, view),
  );
}

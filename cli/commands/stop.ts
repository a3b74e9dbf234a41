import { Command } from 'commander';
import { asItCame, read, StopView } from '../api/views.ts';
import { confirm } from '../confirm.ts';
import { type Cli, printLines } from '../io.ts';
import { printJson } from '../show/json.ts';
import { showStop } from '../show/list.ts';
import { paintFor } from '../show/paint.ts';
import { count } from '../show/text.ts';
import { webhookOf } from '../webhook.ts';
import type { ControlFlags } from './control.ts';
import { withId, withJson, withWebhook } from './flags.ts';

export function stopCommand(cli: Cli): Command {
  const { io } = cli;
  const made = new Command('stop')
    .summary('hold every rollout before its next restart')
    .description('Holds every rollout before its next restart, at once and unasked, until go.')
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
    .summary('take a stop back')
    .description('Takes a stop back: every rollout goes on. Shows whose stop it is, and asks.')
    .option('-y, --yes', 'do not ask')
    .action(async (flags: GoFlags) => {
      const { api } = webhookOf(flags, io);
      const { yes = false, json = false } = flags;
      if (!yes) {
        const seen = read(StopView, await api.get('/stop'), 'the stop');
        if (!json) show(seen, flags, cli);
        if (seen.stop === null && flags.id === undefined) {
          if (json) show(seen, flags, cli);
          return;
        }
        const held = count(seen.openRollouts, 'rollout');
        await confirm(`Take the stop back, for ${held}?`, { yes, json }, io);
      }
      const answer = await api.post('/go', { action: 'go' }, flags.id ?? io.newId());
      show(read(StopView, answer, 'the stop'), flags, cli);
    });
  return withWebhook(withId(withJson(made)));
}

function show(stop: StopView, { json }: ControlFlags, { io }: Cli): void {
  if (json) {
    printJson(io.out, asItCame(stop));
    return;
  }
  const lines = showStop(stop, paintFor(io.out, io));
  const open = count(stop.openRollouts, 'open rollout');
  printLines(io.out, lines.length > 0 ? lines : [`nothing is stopped; ${open}`]);
}

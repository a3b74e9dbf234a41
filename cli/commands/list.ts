import { Command } from 'commander';
import { asItCame, ListView, read, StopView } from '../api/views.ts';
import { type Cli, printLines } from '../io.ts';
import { printJson } from '../show/json.ts';
import { showList } from '../show/list.ts';
import { paintFor } from '../show/paint.ts';
import { type WebhookFlags, webhookOf } from '../webhook.ts';
import { type JsonFlag, withJson, withWebhook } from './flags.ts';

interface Flags extends WebhookFlags, JsonFlag {
  readonly limit: string;
  readonly after?: string;
}

export function listCommand(cli: Cli): Command {
  const { io } = cli;
  const command = new Command('list')
    .summary('list rollouts, the newest first')
    .description('Lists rollouts, the newest first, and says whether everything is stopped.')
    .option('--limit <n>', 'so many at most, 1 to 100', '20')
    .option('--after <place>', 'where the list before ended')
    .action(async ({ limit, after, ...flags }: Flags) => {
      const { api } = webhookOf(flags, io);
      const query = { limit, ...(after === undefined ? {} : { after }) };
      const list = read(ListView, await api.get('/rollouts', query), 'the list');
      const stop = read(StopView, await api.get('/stop'), 'the stop');
      if (flags.json) printJson(io.out, { ...Object(asItCame(list)), ...Object(asItCame(stop)) });
      else
        printLines(
          io.out,
          showList(list, stop, { paint: paintFor(io.out, io), nowMs: io.nowMs() }),
        );
    });
  return withWebhook(withJson(command));
}

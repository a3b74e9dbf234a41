import { Command } from 'commander';
import { asItCame, ListView, read, StopView } from '../api/views.ts';
import type { Cli } from '../io.ts';
import { showList } from '../show/list.ts';
import { printResult } from '../show/print-result.ts';
import { type WebhookFlags, webhookOf } from '../webhook.ts';
import { type JsonFlag, withJson, withWebhook } from './flags.ts';

interface Flags extends WebhookFlags, JsonFlag {
  readonly limit: string;
  readonly after?: string;
}

export function listCommand(cli: Cli): Command {
  const { io } = cli;
  const command = new Command('list')
    .summary('list rollouts, newest first')
    .description('Lists rollouts, newest first, and says whether everything is stopped.')
    .option('--limit <n>', 'show at most so many, 1 to 100', '20')
    .option('--after <cursor>', 'continue where the previous list ended')
    .action(async ({ limit, after, ...flags }: Flags) => {
      const { api } = webhookOf(flags, io);
      const query = { limit, ...(after === undefined ? {} : { after }) };
      const list = read(ListView, await api.get('/rollouts', query), 'the list');
      const stop = read(StopView, await api.get('/stop'), 'the stop');
      const document = { ...Object(asItCame(list)), ...Object(asItCame(stop)) };
      printResult(io, flags, document, (view) => showList(list, stop, view));
    });
  return withWebhook(withJson(command));
}

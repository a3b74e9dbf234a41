import { Command } from 'commander';
import { type Api, postRollout } from '../api/client.ts';
import { asItCame } from '../api/views.ts';
import type { Cli } from '../io.ts';
import { showNextCalls } from '../show/next-calls.ts';
import { printResult } from '../show/print-result.ts';
import { showHead } from '../show/rollout.ts';
import { type WebhookFlags, webhookOf } from '../webhook.ts';
import { type IdFlag, type JsonFlag, withId, withJson, withWebhook } from './flags.ts';
import { readRolloutId } from './rollout-id.ts';

export type ControlFlags = WebhookFlags & JsonFlag & IdFlag;

/** Sends `POST /rollouts/{id}/{action}`, and prints the rollout after it. */
export async function command(
  rolloutId: string,
  action: string,
  fields: Readonly<Record<string, unknown>>,
  { id, json }: JsonFlag & IdFlag,
  api: Api,
  { io }: Cli,
): Promise<void> {
  const path = `/rollouts/${rolloutId}/${action}`;
  const body = { rolloutId, action, ...fields };
  const rollout = await postRollout(path, body, id ?? io.newId(), api);
  printResult(io, { json }, asItCame(rollout), (view) => [
    ...showHead(rollout, view),
    ...showNextCalls(rollout),
  ]);
}

/** Commands that need nothing but the rollout's id: summary and description of each. */
const PLAIN = {
  deny: [
    'deny an approval',
    'Denies the approval that a rollout waits for. The rollout ends, and nothing is done.',
  ],
  pause: [
    'start no further wave',
    'Starts no further wave. Restarts that are under way finish. Resume continues the rollout.',
  ],
  resume: [
    'continue after a pause or a halt',
    'Continues a paused or halted rollout, with its count of failures back at 0.',
  ],
  abort: [
    'start nothing more, for good',
    'Starts nothing more, for good. Restarts that are under way finish. Instances keep the key pair that was bound; undo binds the previous one.',
  ],
} as const;

export const plainCommands = Object.entries(PLAIN).map(
  ([action, [summary, description]]) =>
    (cli: Cli): Command => {
      const made = new Command(action)
        .summary(summary)
        .description(description)
        .argument('<rollout>', 'its id', readRolloutId)
        .action(async (rolloutId: string, flags: ControlFlags) => {
          await command(rolloutId, action, {}, flags, webhookOf(flags, cli.io).api, cli);
        });
      return withWebhook(withId(withJson(made)));
    },
);

import { Command } from 'commander';
import type { Api } from '../api/client.ts';
import { asItCame, read, RolloutView } from '../api/views.ts';
import { type Cli, printLines } from '../io.ts';
import { printJson } from '../show/json.ts';
import { showNextCalls } from '../show/next-calls.ts';
import { paintFor } from '../show/paint.ts';
import { showHead } from '../show/rollout.ts';
import { type WebhookFlags, webhookOf } from '../webhook.ts';
import { type IdFlag, type JsonFlag, withId, withJson, withWebhook } from './flags.ts';
import { readRolloutId } from './rollout-id.ts';

export type ControlFlags = WebhookFlags & JsonFlag & IdFlag;

/** `POST /rollouts/{id}/{action}`, and what the rollout is then. */
export async function command(
  rolloutId: string,
  action: string,
  fields: Readonly<Record<string, unknown>>,
  { id, json }: JsonFlag & IdFlag,
  api: Api,
  { io }: Cli,
): Promise<void> {
  const path = `/rollouts/${rolloutId}/${action}`;
  const answer = await api.post(path, { rolloutId, action, ...fields }, id ?? io.newId());
  const rollout = read(RolloutView, answer, 'the rollout');
  if (json) {
    printJson(io.out, asItCame(rollout));
    return;
  }
  const paint = paintFor(io.out, io);
  printLines(io.out, [
    ...showHead(rollout, { nowMs: io.nowMs(), paint, all: false }),
    ...showNextCalls(rollout),
  ]);
}

/** What needs nothing but the rollout: the summary and the description of each. */
const PLAIN = {
  pause: ['start no other wave', 'Starts no other wave; what runs finishes. Resume takes it back.'],
  resume: [
    'go on after a pause or a halt',
    'Lets a paused or halted rollout go on, with a fresh budget of failures.',
  ],
  abort: [
    'begin nothing else, for good',
    'Begins nothing else, for good; what runs finishes. What is bound stays bound: undo takes it back.',
  ],
  deny: [
    'refuse an approval',
    'Ends a rollout that waits for an approval, before anything is done.',
  ],
} as const;

export function plainCommand(action: keyof typeof PLAIN, cli: Cli): Command {
  const [summary, description] = PLAIN[action];
  const made = new Command(action)
    .summary(summary)
    .description(description)
    .argument('<rollout>', 'its id', readRolloutId)
    .action(async (rolloutId: string, flags: ControlFlags) => {
      await command(rolloutId, action, {}, flags, webhookOf(flags, cli.io).api, cli);
    });
  return withWebhook(withId(withJson(made)));
}

/** The commands: word, form, effect and example, in the order of the help. */
export const VERBS = {
  help: { form: 'help [VERB]', does: 'shows this list, or one verb', example: 'help attach' },
  whoami: { form: 'whoami', does: 'shows which person you are to Latchkey', example: 'whoami' },
  plan: {
    form: 'plan [attach] KEYPAIR to TARGETS [in REGION] [OPTIONS]',
    does: 'shows what would happen and changes nothing; also: plan restart …, plan undo ROLLOUT',
    example: 'plan ops-2026 to tag team=web',
  },
  attach: {
    form: 'attach KEYPAIR to TARGETS [in REGION] [OPTIONS]',
    does: 'attaches a key pair, and reboots instances in waves where needed',
    example: 'attach ops-2026 to tag team=web --max-unavailable 10% --note "rotation"',
  },
  restart: {
    form: 'restart KEYPAIR on TARGETS [in REGION] [OPTIONS]',
    does: 'like attach, and also restarts where the key pair is bound but may not work yet',
    example: 'restart ops-2026 on i-bp1a,i-bp1b',
  },
  status: {
    form: 'status [ROLLOUT]',
    does: 'shows one rollout, or the newest ones',
    example: 'status',
  },
  approve: {
    form: 'approve ROLLOUT DIGEST',
    does: 'approves a plan by the beginning of its digest: sha256: and at least 8 digits, as on the card',
    example: 'approve ro-b3oy4vgdyx5pohfzpcbbgsqfnm sha256:0a1b2c3d',
  },
  deny: {
    form: 'deny ROLLOUT',
    does: 'rejects a rollout that waits for approval',
    example: 'deny ro-b3oy4vgdyx5pohfzpcbbgsqfnm',
  },
  pause: {
    form: 'pause ROLLOUT',
    does: 'restarts nothing more until resumed',
    example: 'pause ro-b3oy4vgdyx5pohfzpcbbgsqfnm',
  },
  resume: {
    form: 'resume ROLLOUT',
    does: 'continues after a pause or a halt, and counts failures from 0 again',
    example: 'resume ro-b3oy4vgdyx5pohfzpcbbgsqfnm',
  },
  abort: {
    form: 'abort ROLLOUT',
    does: 'starts nothing more; restarts under way finish',
    example: 'abort ro-b3oy4vgdyx5pohfzpcbbgsqfnm',
  },
  undo: {
    form: 'undo ROLLOUT',
    does: 'attaches the previous key pairs again, as a new rollout',
    example: 'undo ro-b3oy4vgdyx5pohfzpcbbgsqfnm',
  },
  stop: {
    form: 'stop [REASON]',
    does: 'stops all rollouts before their next restart',
    example: 'stop database is down',
  },
  go: { form: 'go', does: 'lifts the stop', example: 'go' },
} as const;

export type Verb = keyof typeof VERBS;

export const VERB_NAMES = Object.keys(VERBS) as Verb[];

export function isVerb(word: string): word is Verb {
  return Object.hasOwn(VERBS, word);
}

/** Words of other tools for our commands. An answer suggests ours; it is never run. */
export const MEANT_VERBS: ReadonlyMap<string, Verb> = new Map([
  ['--help', 'help'],
  ['?', 'help'],
  ['bind', 'attach'],
  ['reboot', 'restart'],
  ['dry-run', 'plan'],
  ['noop', 'plan'],
  ['list', 'status'],
  ['show', 'status'],
  ['ok', 'approve'],
  ['lgtm', 'approve'],
  ['reject', 'deny'],
  ['cancel', 'abort'],
  ['continue', 'resume'],
  ['revert', 'undo'],
  ['rollback', 'undo'],
  ['halt', 'stop'],
  ['start', 'go'],
]);

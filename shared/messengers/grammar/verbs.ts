/** What can be typed: the word, its form, what it does, and an example. In the order of the help. */
export const VERBS = {
  help: { form: 'help [VERB]', does: 'shows this list, or one verb', example: 'help attach' },
  whoami: { form: 'whoami', does: 'says who you are to Latchkey', example: 'whoami' },
  plan: {
    form: 'plan [attach] KEYPAIR to TARGETS [in REGION] [OPTIONS]',
    does: 'shows what would be done, and does nothing; also: plan restart …, plan undo ROLLOUT',
    example: 'plan ops-2026 to tag team=web',
  },
  attach: {
    form: 'attach KEYPAIR to TARGETS [in REGION] [OPTIONS]',
    does: 'binds a key pair, and reboots in waves what needs it',
    example: 'attach ops-2026 to tag team=web --max-unavailable 10% --note "rotation"',
  },
  restart: {
    form: 'restart KEYPAIR on TARGETS [in REGION] [OPTIONS]',
    does: 'as attach, and restarts also what the key pair is bound to already',
    example: 'restart ops-2026 on i-bp1a,i-bp1b',
  },
  status: {
    form: 'status [ROLLOUT]',
    does: 'shows one rollout, or the newest',
    example: 'status',
  },
  approve: {
    form: 'approve ROLLOUT DIGEST',
    does: 'approves the plan whose digest begins so: sha256: and at least 8 digits, as the card shows',
    example: 'approve ro-b3oy4vgdyx5pohfzpcbbgsqfnm sha256:0a1b2c3d',
  },
  deny: {
    form: 'deny ROLLOUT',
    does: 'ends a rollout that waits for approval',
    example: 'deny ro-b3oy4vgdyx5pohfzpcbbgsqfnm',
  },
  pause: {
    form: 'pause ROLLOUT',
    does: 'restarts nothing more for now',
    example: 'pause ro-b3oy4vgdyx5pohfzpcbbgsqfnm',
  },
  resume: {
    form: 'resume ROLLOUT',
    does: 'goes on after a pause or a halt, with a fresh budget of failures',
    example: 'resume ro-b3oy4vgdyx5pohfzpcbbgsqfnm',
  },
  abort: {
    form: 'abort ROLLOUT',
    does: 'begins nothing more; what runs is finished',
    example: 'abort ro-b3oy4vgdyx5pohfzpcbbgsqfnm',
  },
  undo: {
    form: 'undo ROLLOUT',
    does: 'binds the key pairs from before again, as a rollout of its own',
    example: 'undo ro-b3oy4vgdyx5pohfzpcbbgsqfnm',
  },
  stop: {
    form: 'stop [REASON]',
    does: 'holds every rollout before its next restart, at once',
    example: 'stop database is down',
  },
  go: { form: 'go', does: 'takes the stop back', example: 'go' },
} as const;

export type Verb = keyof typeof VERBS;

export const VERB_NAMES = Object.keys(VERBS) as Verb[];

export function isVerb(word: string): word is Verb {
  return Object.hasOwn(VERBS, word);
}

/** What people type elsewhere for what we call otherwise: named in answers, never taken. */
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

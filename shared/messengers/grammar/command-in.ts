import type { ChatCommand } from '../../domain/model/order.ts';
import { ROLLOUT_ID } from '../../domain/model/ids.ts';
import { shown } from '../../contract/parse.ts';
import { askIn } from './ask-in.ts';
import { topicIn } from './help.ts';
import { lowerCase, tokensOf } from './lexer.ts';
import { Misread } from './misread.ts';
import { nearest } from './nearest.ts';
import { reasonIn } from './reason-in.ts';
import { isVerb, MEANT_VERBS, type Verb, VERB_NAMES } from './verbs.ts';
import { Words } from './words.ts';

/** The command of a plain line; `help` for an empty one. @throws {Misread} when it is not a command */
export function commandIn(line: string, regionId: string): ChatCommand {
  const [first = ''] = line.split(' ', 1);
  if (first === '') return { kind: 'help', about: null };
  const verb = verbOf(first);
  // A stop is urgent: its reason needs no quotes.
  if (verb === 'stop') return { kind: verb, reason: reasonIn(line.slice(first.length)) };
  const words = new Words(line, tokensOf(line, first.length));
  refuseHelp(verb, line, words);
  const command = restOf(verb, words, regionId);
  words.end();
  return command;
}

function verbOf(first: string): Verb {
  const word = lowerCase(first);
  if (isVerb(word)) return word;
  const meant = MEANT_VERBS.get(word) ?? nearest(word, VERB_NAMES);
  throw new Misread(`Cannot read ${shown(first)}: no such verb`, {
    fix: meant === undefined ? null : { from: 0, to: first.length, by: meant },
  });
}

function restOf(verb: Exclude<Verb, 'stop'>, words: Words, regionId: string): ChatCommand {
  switch (verb) {
    case 'help':
      return { kind: verb, about: topicIn(words) };
    case 'whoami':
      return { kind: verb };
    case 'go':
      refuseRollout(words, 'go', 'resume');
      return { kind: verb };
    case 'status':
      return { kind: verb, rolloutId: words.peek() === undefined ? null : rolloutIn(words) };
    case 'plan':
      return planIn(words, regionId);
    case 'attach':
    case 'restart':
      return { kind: 'ask', request: askIn(words, { verb, dryRun: false, regionId }) };
    case 'undo':
      return { kind: verb, rolloutId: rolloutIn(words), dryRun: false };
    case 'approve':
      return { kind: verb, rolloutId: rolloutIn(words), planDigest: digestIn(words) };
    case 'deny':
    case 'pause':
    case 'resume':
    case 'abort':
      return { kind: verb, rolloutId: rolloutIn(words) };
  }
}

function planIn(words: Words, regionId: string): ChatCommand {
  if (words.takeIf('undo')) return { kind: 'undo', rolloutId: rolloutIn(words), dryRun: true };
  const verb = words.takeIf('restart') ? 'restart' : 'attach';
  if (verb === 'attach') words.takeIf('attach');
  return { kind: 'ask', request: askIn(words, { verb, dryRun: true, regionId }) };
}

function rolloutIn(words: Words): string {
  const { text } = words.take('the id of a rollout', { hint: 'For the newest rollouts: status' });
  if (ROLLOUT_ID.test(text)) return text;
  throw new Misread(
    `Cannot read ${shown(text)}: not the id of a rollout, which is ro- and 26 characters`,
    { hint: 'For the newest rollouts: status' },
  );
}

/** An approval names the plan that was read, by the beginning of its digest as cards show it. */
function digestIn(words: Words): string {
  const hint = 'The card of the rollout shows the digest of its plan';
  const { text } = words.take("the plan's digest", { hint });
  const digest = lowerCase(text);
  if (/^sha256:[0-9a-f]{8,64}$/.test(digest)) return digest;
  throw new Misread(
    `Cannot read ${shown(text)}: must be "sha256:" and at least 8 digits of the plan's digest`,
    { hint },
  );
}

function refuseHelp(verb: Verb, line: string, words: Words): void {
  const first = words.peek();
  if (first?.kind !== 'option' || first.name !== 'help') return;
  const fix = { from: 0, to: line.length, by: `help ${verb}` };
  throw new Misread('Cannot read "--help": no such option', { fix });
}

/** A command for all rollouts must not be mistaken for a command for one. */
function refuseRollout(words: Words, verb: Verb, meant: Verb): void {
  const rolloutId = words.keyword() ?? '';
  if (!ROLLOUT_ID.test(rolloutId)) return;
  throw new Misread(`Cannot ${verb} one rollout: this command is for all of them`, {
    hint: `For one: ${meant} ${rolloutId}`,
  });
}

import type { Card, CardBlock } from '../../domain/model/card.ts';
import { FIELD_HELP } from '../../contract/requests/rollout-request.ts';
import { CONDITION_HELP } from '../../contract/requests/selector.ts';
import { shown } from '../../contract/parse.ts';
import {
  OPTION_NAMES,
  type OptionName,
  OPTIONS,
  optionText,
} from '../../domain/chat/request-options.ts';
import { plainCard } from '../../domain/chat/cards/shown.ts';
import { DEFAULTS } from '../../domain/model/defaults.ts';
import type { RolloutRequest } from '../../domain/model/request.ts';
import { Misread } from './misread.ts';
import { nearest } from './nearest.ts';
import { optionForm } from './options.ts';
import { TARGET_WORDS } from './targets.ts';
import { isVerb, type Verb, VERB_NAMES, VERBS } from './verbs.ts';
import type { Words } from './words.ts';

const TOPICS = [...VERB_NAMES, 'targets', 'options'] as const;

/** What `help` is asked about; null for everything. @throws {Misread} when there is no such topic */
export function topicIn(words: Words): string | null {
  const token = words.peek();
  if (token === undefined) return null;
  const topic = words.keyword() ?? '';
  if (isTopic(topic)) {
    words.skip();
    return topic;
  }
  const { text } = words.take('a topic');
  const meant = nearest(topic, TOPICS);
  throw new Misread(`Cannot help with ${shown(text)}: no such topic`, {
    hint: `Topics: ${TOPICS.join(', ')}`,
    fix: meant === undefined ? null : { from: token.from, to: token.to, by: meant },
  });
}

function isTopic(word: string): boolean {
  return (TOPICS as readonly string[]).includes(word);
}

/** @param about a topic of `help`; for null and for anything else, everything */
export function helpCard(about: string | null): Card {
  if (about === 'targets') return plainCard('TARGETS', 'neutral', targetBlocks());
  if (about === 'options') return plainCard('OPTIONS', 'neutral', optionBlocks());
  if (about !== null && isVerb(about))
    return plainCard(VERBS[about].form, 'neutral', verbBlocks(about));
  return plainCard('What can be typed', 'neutral', [
    { kind: 'facts', facts: VERB_NAMES.map((verb) => [VERBS[verb].form, VERBS[verb].does]) },
    { kind: 'code', text: [VERBS.plan.example, VERBS.attach.example].join('\n') },
    { kind: 'text', text: 'More: help VERB, help targets, help options' },
  ]);
}

function verbBlocks(verb: Verb): CardBlock[] {
  const { does, example } = VERBS[verb];
  const hasTargets = verb === 'plan' || verb === 'attach' || verb === 'restart';
  return [
    { kind: 'text', text: does },
    { kind: 'code', text: example },
    ...(hasTargets ? [...targetBlocks(), ...optionBlocks()] : []),
  ];
}

function targetBlocks(): CardBlock[] {
  return [
    {
      kind: 'text',
      text: 'TARGETS are instance ids, or conditions with "and" between them. Conditions select instances:',
    },
    {
      kind: 'facts',
      facts: [...TARGET_WORDS].map(([word, field]) => [
        `${word} ${CONDITION_HELP[field].example}`,
        CONDITION_HELP[field].about,
      ]),
    },
    { kind: 'code', text: 'i-bp1a,i-bp1b\ntag team=web and zone cn-hangzhou-h' },
  ];
}

function optionBlocks(): CardBlock[] {
  const defaults: Partial<RolloutRequest> = DEFAULTS;
  const texts = OPTION_NAMES.flatMap(
    (name) => optionText(name, defaults[OPTIONS[name].field]) ?? [],
  );
  return [
    { kind: 'text', text: 'OPTIONS come last, each at most once:' },
    { kind: 'facts', facts: OPTION_NAMES.map((name) => [optionForm(name), optionHelp(name)]) },
    { kind: 'text', text: `Defaults: ${texts.join(' ')}` },
  ];
}

export function optionHelp(name: OptionName): string {
  return name === 'no-restart' ? 'attach only, restart nothing' : FIELD_HELP[OPTIONS[name].field];
}

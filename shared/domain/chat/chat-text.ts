import type { ChatCommand } from '../model/order.ts';
import { DEFAULTS } from '../model/defaults.ts';
import type { RolloutRequest } from '../model/request.ts';
import { CONDITION_NAMES, CONDITIONS, type Selector, TAG_WORD } from '../model/selector.ts';
import { quoted, word } from './quoted.ts';
import { OPTION_NAMES, OPTIONS, optionText } from './request-options.ts';

/**
 * A command as one line in canonical form: what was understood, and how to type it. The line always names
 * the region, and has options only for values that differ from the defaults.
 *
 * The line is read back as the same command if the command came from a line (docs/chatops.md) and is short
 * enough to be typed. Requests of other doors can say more than a line can: nothing is promised for them.
 */
export function textOf(command: ChatCommand): string {
  switch (command.kind) {
    case 'whoami':
    case 'go':
      return command.kind;
    case 'help':
      return command.about === null ? command.kind : `${command.kind} ${command.about}`;
    case 'status':
      return command.rolloutId === null ? command.kind : `${command.kind} ${command.rolloutId}`;
    case 'stop':
      return command.reason === '' ? command.kind : `${command.kind} ${quoted(command.reason)}`;
    case 'ask':
      return askText(command.request);
    case 'undo':
      return `${command.dryRun ? 'plan undo' : 'undo'} ${command.rolloutId}`;
    case 'approve':
      return `approve ${command.rolloutId} ${command.planDigest}`;
    case 'deny':
    case 'pause':
    case 'resume':
    case 'abort':
      return `${command.kind} ${command.rolloutId}`;
  }
}

function askText(request: RolloutRequest): string {
  const [verb, preposition] = request.restartAlreadyAttached ? ['restart', 'on'] : ['attach', 'to'];
  return [
    ...(request.dryRun ? ['plan'] : []),
    verb,
    word(request.keyPairName),
    preposition,
    targetsText(request),
    `in ${request.regionId}`,
    ...optionTexts(request),
  ].join(' ');
}

function targetsText({ selector, instanceIds }: RolloutRequest): string {
  if (selector === null) return instanceIds.join(',');
  return selectorText(selector);
}

/** The conditions of a selector, as they are typed. */
export function selectorText(selector: Selector): string {
  const tags = Object.entries(selector.tags).map(([key, value]) => `${word(key)}=${word(value)}`);
  return [
    ...(tags.length === 0 ? [] : [`${TAG_WORD} ${tags.join(',')}`]),
    ...CONDITION_NAMES.flatMap((name) => {
      const value = selector[name];
      return value === null ? [] : [`${CONDITIONS[name].word} ${word(value)}`];
    }),
  ].join(' and ');
}

function optionTexts(request: RolloutRequest): string[] {
  const defaults: Partial<RolloutRequest> = DEFAULTS;
  return OPTION_NAMES.flatMap((name) => {
    const { field } = OPTIONS[name];
    if (request[field] === defaults[field]) return [];
    return optionText(name, request[field]) ?? [];
  });
}

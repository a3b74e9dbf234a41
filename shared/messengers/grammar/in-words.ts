import { durationText } from '../../lib/duration.ts';
import type { FieldFault, LatchkeyError } from '../../domain/model/errors.ts';
import { Misread } from './misread.ts';
import { OPTION_NAMES, type OptionName, OPTIONS } from '../../domain/chat/request-options.ts';
import { CONDITION_NAMES, CONDITIONS, TAG_WORD } from '../../domain/model/selector.ts';
import { optionForm } from './options.ts';

/** What the typed line calls the field of a fault: the first entry that its path begins with. */
const LABELS: readonly (readonly [path: string, label: string])[] = [
  ['keyPairName', 'key pair'],
  ['instanceIds', 'instance'],
  ['regionId', 'region'],
  ['reason', 'reason'],
  ['selector.tags', TAG_WORD],
  ...CONDITION_NAMES.map((name) => [`selector.${name}`, CONDITIONS[name].word] as const),
];

/** The beginning of every fault of a value (shared/contract/parse.ts). */
const TAKE = 'Cannot take ';

/** The faults that a schema found, in the words of the line. */
export function inWords(error: LatchkeyError): Misread {
  const [first, ...others] = error.details.faults ?? [];
  if (first === undefined || !first.detail.startsWith(TAKE)) return new Misread(error.message);
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  const option = OPTION_NAMES.find((name) => first.path.join('.') === OPTIONS[name].field);
  if (option === undefined) return new Misread(`${labelled(first, labelOf(first))}${more}`);
  const message = `${labelled(withUnits(first, option), `--${option}`)}${more}`;
  return new Misread(message, { hint: `Such as: ${optionForm(option)}` });
}

/** `Cannot take "j-b": …` as `Cannot take instance "j-b": …`. Nobody typed a list. */
function labelled({ detail }: Pick<FieldFault, 'detail'>, label: string): string {
  const value = detail.slice(TAKE.length).replace(/^(?:an object|a list of \d+): /, '');
  return value.length < detail.length - TAKE.length
    ? `Cannot take so many: ${value}`
    : `${TAKE}${label} ${value}`;
}

function labelOf({ path }: FieldFault): string {
  return LABELS.find(([start]) => path.join('.').startsWith(start))?.[1] ?? 'it';
}

/** Requests count seconds, and lines have units. */
function withUnits({ detail }: FieldFault, option: OptionName): Pick<FieldFault, 'detail'> {
  if (OPTIONS[option].kind !== 'duration') return { detail };
  return { detail: detail.replaceAll(/\d+/g, (seconds) => durationText(Number(seconds))) };
}

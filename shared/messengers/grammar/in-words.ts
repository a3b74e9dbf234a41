import { durationText } from '../../lib/duration.ts';
import type { FieldFault, LatchkeyError } from '../../domain/model/errors.ts';
import { Misread } from './misread.ts';
import { OPTION_NAMES, optionForm, type OptionName, OPTIONS } from './options.ts';
import { CONDITION_NAMES, CONDITIONS } from './targets.ts';

/** What a fault of a request is about, as it was typed; the first one that its path begins with. */
const LABELS: readonly (readonly [path: string, label: string])[] = [
  ['keyPairName', 'key pair'],
  ['instanceIds', 'instance'],
  ['regionId', 'region'],
  ['reason', 'reason'],
  ...CONDITION_NAMES.map((name) => [`selector.${CONDITIONS[name].field}`, name] as const),
];

/** How the faults of a value begin (shared/contract/parse.ts). */
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

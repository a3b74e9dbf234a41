import { durationText } from '../../lib/duration.ts';
import type { RolloutRequest } from '../model/request.ts';
import { quoted, word } from './quoted.ts';

/** How the value of an option is written. */
type Kind =
  /** No value: the option itself sets the field to `sets`. */
  | 'flag'
  | 'word'
  /** Several words, in quotes. */
  | 'text'
  | 'count'
  | 'duration';

interface Option {
  /** The field of a request that it sets. Its limits are the field's. */
  readonly field: keyof RolloutRequest;
  readonly kind: Kind;
  /** A value that is valid, for messages and help. */
  readonly example: string;
  readonly sets?: string | boolean;
}

/** The options of a line in a chat, in the order of the help and of the canonical form. */
export const OPTIONS = {
  'max-unavailable': { field: 'maxUnavailable', kind: 'word', example: '10%' },
  ramp: { field: 'ramp', kind: 'word', example: 'canary' },
  'group-by': { field: 'groupBy', kind: 'word', example: 'shard' },
  'halt-after': { field: 'haltAfterFailures', kind: 'count', example: '3' },
  bake: { field: 'bakeSeconds', kind: 'duration', example: '5m' },
  'ready-timeout': { field: 'readyTimeoutSeconds', kind: 'duration', example: '10m' },
  attach: { field: 'attach', kind: 'word', example: 'wave' },
  'no-restart': { field: 'restart', kind: 'flag', example: '', sets: 'never' },
  'start-stopped': { field: 'startStopped', kind: 'flag', example: '', sets: true },
  'approve-within': { field: 'approveWithinSeconds', kind: 'duration', example: '30m' },
  'break-glass': { field: 'breakGlass', kind: 'text', example: '"outage 4711"' },
  expect: { field: 'expectedPlanDigest', kind: 'word', example: 'sha256:…' },
  note: { field: 'note', kind: 'text', example: '"rotation"' },
} as const satisfies Record<string, Option>;

export type OptionName = keyof typeof OPTIONS;

export const OPTION_NAMES = Object.keys(OPTIONS) as OptionName[];

/** The option as it is typed for this value of its field; undefined where no option is needed for it. */
export function optionText(
  name: OptionName,
  value: string | number | boolean | null | undefined,
): string | undefined {
  const { kind, sets }: Option = OPTIONS[name];
  if (kind === 'flag') return value === sets ? `--${name}` : undefined;
  if (value === null || value === undefined || value === '') return undefined;
  const text = kind === 'duration' ? durationText(Number(value)) : String(value);
  return `--${name} ${kind === 'text' ? quoted(text) : word(text)}`;
}

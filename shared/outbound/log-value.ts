import { LatchkeyError } from '../domain/model/errors.ts';
import { isSecretName, REDACTED, redactText } from './redact.ts';

/** Our own choices: one long text, list or nested object must not fill the whole line. */
const MAX_TEXT_LENGTH = 2_000;
const MAX_ITEMS = 100;
const MAX_DEPTH = 8;
const MAX_VALUES = 2_000;
const MAX_STACK_LINES = 8;

/** A value as it appears in a log line: plain JSON, bounded, and without secrets. */
export function logValue(value: unknown): unknown {
  return valueOf(value, { left: MAX_VALUES }, 0);
}

/** How many more values the line may hold. Without it, circular references would never end. */
interface Budget {
  left: number;
}

function valueOf(value: unknown, budget: Budget, depth: number): unknown {
  budget.left -= 1;
  if (budget.left < 0) return '…';
  switch (typeof value) {
    case 'string':
      return clip(redactText(value));
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'boolean':
    case 'undefined':
      return value;
    case 'bigint':
    case 'symbol':
    case 'function':
      return clip(redactText(String(value)));
    case 'object':
      return value === null
        ? null
        : depth >= MAX_DEPTH
          ? '…'
          : objectValue(value, budget, depth + 1);
  }
}

function objectValue(value: object, budget: Budget, depth: number): unknown {
  if (value instanceof Error) return errorValue(value, budget, depth);
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (value instanceof Map) return objectValue(Object.fromEntries(value), budget, depth);
  if (value instanceof Set) return objectValue([...value], budget, depth);
  if (Array.isArray(value)) {
    const items = value.slice(0, MAX_ITEMS).map((item) => valueOf(item, budget, depth));
    if (value.length > MAX_ITEMS) items.push(`… ${value.length - MAX_ITEMS} more`);
    return items;
  }
  const entries = Object.entries(value)
    .slice(0, MAX_ITEMS)
    .map(([name, field]): [string, unknown] => [
      clip(redactText(name)),
      isSecretName(name) && field !== undefined && field !== null
        ? REDACTED
        : valueOf(field, budget, depth),
    ]);
  return Object.fromEntries(entries);
}

function errorValue(error: Error, budget: Budget, depth: number): unknown {
  const { name, message, cause, stack } = error;
  const code = (error as { readonly code?: unknown }).code;
  const about: Record<string, unknown> = { name, message };
  if (typeof code === 'string' || typeof code === 'number') about['code'] = code;
  if (error instanceof LatchkeyError) {
    const { vendorCode, requestId, retryAtMs, faults } = error.details;
    Object.assign(about, { vendorCode, requestId, retryAtMs, faults });
  } else if (depth <= 2) {
    // An unexpected error, so its stack matters. Only the frames: the message at the beginning of the stack
    // may hold a secret of several lines, which redaction by line would miss.
    const frames = stack?.split('\n').filter((line) => line.startsWith('    at '));
    about['stack'] = frames?.slice(0, MAX_STACK_LINES);
  }
  if (cause !== undefined) about['cause'] = cause;
  return objectValue(about, budget, depth);
}

function clip(text: string): string {
  if (text.length <= MAX_TEXT_LENGTH) return text;
  return `${text.slice(0, MAX_TEXT_LENGTH)}… ${text.length - MAX_TEXT_LENGTH} more`;
}

import { fieldsOf } from '../../shared/lib/json-fields.ts';
import { isSecretName, REDACTED, redactText } from '../../shared/outbound/redact.ts';
import { type DeadLetter, readable } from './dead-letter.ts';

/** Chat messages and their reply addresses are private: only their kind is shown, not their content. */
const FROM_A_CHAT = /latchkey\.(?:order|reply)\/\d+/;
const SHOWN_FIELDS = ['schema', 'id', 'via', 'attempt'];

/** The path of some URLs is a secret: whoever knows it can post there. */
const URL_PATH = /(https?:\\?\/\\?\/[^\s"'\\/?#<>]+)[^\s"'<>]*/g;

/** A shorter text may be an ordinary word: our own choice. */
const MIN_BASE64_LENGTH = 24;

/**
 * The texts of a dead letter without chat messages, paths of URLs, and values that look like secrets or are
 * named so. Only for display: the original is what is sent again.
 */
export function shownText({ texts }: Pick<DeadLetter, 'texts'>): string {
  try {
    return texts
      .map((text) => withoutSecrets(text))
      .map((one) => (typeof one === 'string' ? one : JSON.stringify(one)))
      .join(' ');
  } catch (error) {
    if (error instanceof RangeError) return 'nested too deeply to be shown';
    throw error;
  }
}

/** Why a letter is there, without the wrong value that such a text may repeat. */
export function shownWhy({ why, texts }: Pick<DeadLetter, 'why' | 'texts'>): string {
  const isPrivate = FROM_A_CHAT.test(shownText({ texts }));
  return hidden(isPrivate ? why.replace(/(Cannot take) .*/s, '$1 a hidden value') : why);
}

function withoutSecrets(value: unknown): unknown {
  if (typeof value === 'string') {
    const inner = readable(value);
    const isNested = typeof inner === 'object' && inner !== null;
    return isNested ? withoutSecrets(inner) : plainText(outOfBase64(value));
  }
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null) return value;
  const fields = fieldsOf(value);
  const isPrivate = FROM_A_CHAT.test(String(fields['schema']));
  const entries = Object.entries(fields)
    .filter(([name, field]) => !isPrivate || (SHOWN_FIELDS.includes(name) && isScalar(field)))
    .map(([name, field]) => [hidden(name), isSecretName(name) ? REDACTED : withoutSecrets(field)]);
  return Object.fromEntries(isPrivate ? [...entries, ['…', 'not shown']] : entries);
}

const isScalar = (value: unknown) => typeof value === 'string' || typeof value === 'number';

/** A text may hold a truncated chat message. */
function plainText(text: string): string {
  const [schema] = FROM_A_CHAT.exec(text) ?? [];
  return schema === undefined || schema === text
    ? hidden(text)
    : `a truncated ${schema}, not shown`;
}

const hidden = (text: string) => redactText(text).replaceAll(URL_PATH, `$1/${REDACTED}`);

/** Decodes base64 of a text. Returns any other text unchanged. */
function outOfBase64(text: string): string {
  const bytes = Buffer.from(text, 'base64');
  const isBase64 = text.length >= MIN_BASE64_LENGTH && bytes.toString('base64') === text.trim();
  const inner = bytes.toString('utf8');
  return !isBase64 || /[\ufffd\p{Cc}]/u.test(inner.replaceAll(/\s/g, '')) ? text : inner;
}

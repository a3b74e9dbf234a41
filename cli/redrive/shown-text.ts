import { fieldsOf } from '../../shared/lib/json-fields.ts';
import { isSecretName, REDACTED, redactText } from '../../shared/outbound/redact.ts';
import type { DeadLetter } from './dead-letter.ts';
import { readable } from './readable.ts';

/**
 * What was written in a chat, and where it is answered, is nobody's but its author's: of such a message is
 * shown what it is, and nothing that it says.
 */
const FROM_A_CHAT = /latchkey\.(?:order|reply)\/\d+/;
const SAID_OF_IT = ['schema', 'id', 'via', 'attempt'];

/** Whoever knows the path of some addresses may post there. */
const URL_PATH = /(https?:\\?\/\\?\/[^\s"'\\/?#<>]+)[^\s"'<>]*/g;

/** Shorter ones are words by chance: our own choice. */
const MIN_BASE64_LENGTH = 24;

/**
 * What a dead letter holds without secrets: neither chat messages, nor paths of URLs, nor what looks like a
 * secret or is called one. For a person to see; it is not what is sent again.
 */
export function shownText({ texts }: Pick<DeadLetter, 'texts'>): string {
  try {
    return texts
      .map((text) => withoutSecrets(text))
      .map((one) => (typeof one === 'string' ? one : JSON.stringify(one)))
      .join(' ');
  } catch (error) {
    if (error instanceof RangeError) return 'nested too deep to be shown';
    throw error;
  }
}

/** Why a letter is there: that may repeat the value that was wrong. */
export function shownWhy({ why, texts }: Pick<DeadLetter, 'why' | 'texts'>): string {
  const isPrivate = FROM_A_CHAT.test(shownText({ texts }));
  return hidden(isPrivate ? why.replace(/(Cannot take) .*/s, '$1 what is there') : why);
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
    .filter(([name, field]) => !isPrivate || (SAID_OF_IT.includes(name) && isScalar(field)))
    .map(([name, field]) => [hidden(name), isSecretName(name) ? REDACTED : withoutSecrets(field)]);
  return Object.fromEntries(isPrivate ? [...entries, ['…', 'not shown']] : entries);
}

const isScalar = (value: unknown) => typeof value === 'string' || typeof value === 'number';

/** A part of a chat message may be all that came. */
function plainText(text: string): string {
  const [schema] = FROM_A_CHAT.exec(text) ?? [];
  return schema === undefined || schema === text ? hidden(text) : `a broken ${schema}, not shown`;
}

const hidden = (text: string) => redactText(text).replaceAll(URL_PATH, `$1/${REDACTED}`);

/** What base64 of a text says; any other text as it is. */
function outOfBase64(text: string): string {
  const bytes = Buffer.from(text, 'base64');
  const isBase64 = text.length >= MIN_BASE64_LENGTH && bytes.toString('base64') === text.trim();
  const inner = bytes.toString('utf8');
  return !isBase64 || /[\ufffd\p{Cc}]/u.test(inner.replaceAll(/\s/g, '')) ? text : inner;
}

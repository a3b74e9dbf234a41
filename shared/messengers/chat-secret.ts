import type { ChatSecret } from '../domain/model/policy.ts';

const FORMS: Readonly<Record<NonNullable<ChatSecret['kind']> | 'text', readonly [RegExp, string]>> =
  {
    // Shorter texts are easy to guess, and no platform issues longer ones: our own choices.
    text: [/^(?! )[\x20-\x7e]{8,512}(?<! )$/, '8 to 512 plain characters, no space around them'],
    // Guessing it takes as long as guessing a key of 96 bits: our own choice.
    path: [/^[A-Za-z0-9_-]{16,128}$/, '16 to 128 letters, digits, underscores and hyphens'],
    // https://github.com/open-dingtalk/DingTalk-Callback-Crypto
    'aes-key': [/^[A-Za-z0-9+/]{43}$/, '43 characters of base64'],
  };

/** Why the text cannot be the secret, without repeating it. undefined: it can. */
export function whyNoChatSecret(
  text: string,
  { kind }: Pick<ChatSecret, 'kind'>,
): string | undefined {
  const [form, rule] = FORMS[kind ?? 'text'];
  return form.test(text) ? undefined : `must be ${rule}`;
}

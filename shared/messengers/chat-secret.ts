import type { ChatSecret } from '../domain/model/policy.ts';

/** Guessing a path takes as long as guessing a key of 96 bits: our own choice. */
const PATH = /^[A-Za-z0-9_-]{16,128}$/;
/** https://github.com/open-dingtalk/DingTalk-Callback-Crypto */
const AES_KEY = /^[A-Za-z0-9+/]{43}$/;
/** Shorter texts are easy to guess, and no platform issues longer ones: our own choices. */
const TEXT = /^(?! )[\x20-\x7e]{8,512}(?<! )$/;

/** Why the text cannot be the secret, without repeating it. undefined: it can. */
export function whyNoChatSecret(value: string, kind: ChatSecret['kind']): string | undefined {
  switch (kind) {
    case 'text':
      return TEXT.test(value)
        ? undefined
        : 'must be 8 to 512 plain characters, no space around them';
    case 'path':
      return PATH.test(value)
        ? undefined
        : 'must be 16 to 128 letters, digits, underscores and hyphens';
    case 'aes-key':
      return AES_KEY.test(value) ? undefined : 'must be 43 characters of base64';
  }
}

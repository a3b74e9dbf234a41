/** `text`: what a platform made, in whatever form. `path`: stands in a URL. `aes-key`: DingTalk's. */
export type ChatSecretKind = 'text' | 'path' | 'aes-key';

/** Whoever guesses a path needs as long as for a key of 96 bits: our own choice. */
const PATH = /^[A-Za-z0-9_-]{16,128}$/;
/** https://github.com/open-dingtalk/DingTalk-Callback-Crypto */
const AES_KEY = /^[A-Za-z0-9+/]{43}$/;
/** Shorter is no secret; nobody gives out longer ones. Our own choices. */
const TEXT = /^(?! )[\x20-\x7e]{8,512}(?<! )$/;

/** What is wrong with it, without repeating it; undefined when nothing is. */
export function whyNoChatSecret(value: string, kind: ChatSecretKind): string | undefined {
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

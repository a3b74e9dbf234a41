/** The key that a webhook's sender and we share. */
export interface WebhookSecret {
  readonly key: Buffer;
}

const PREFIX = 'whsec_';
/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
const MIN_BYTES = 24;
const MAX_BYTES = 64;

/**
 * Reads `whsec_` and base64 of 24 to 64 bytes.
 *
 * @throws {Error} whose message names the rule and never the secret
 */
export function parseWebhookSecret(text: string): WebhookSecret {
  const refuse = (why: string) => new Error(`Cannot use the webhook secret: ${why}`);
  if (!text.startsWith(PREFIX)) throw refuse(`does not begin with "${PREFIX}"`);
  const base64 = text.slice(PREFIX.length);
  const key = Buffer.from(base64, 'base64');
  // Node passes over what is not base64; what was passed over does not come back.
  if (key.toString('base64').replaceAll('=', '') !== base64.replace(/={1,2}$/, '')) {
    throw refuse(`is not base64 after "${PREFIX}"`);
  }
  if (key.length < MIN_BYTES || key.length > MAX_BYTES) {
    throw refuse(`has ${key.length} bytes and not ${MIN_BYTES} to ${MAX_BYTES}`);
  }
  return { key };
}

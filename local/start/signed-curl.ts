/**
 * A shell command that signs and posts a rollout request. It takes the time when it runs, and needs `curl` and
 * `openssl`.
 *
 * @param secret `whsec_` and base64 (https://github.com/standard-webhooks/standard-webhooks)
 */
export function signedCurl(url: string, body: object, secret: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64').toString('hex');
  // Only this character can end a text in single quotes.
  const quoted = JSON.stringify(body).replaceAll("'", String.raw`\u0027`);
  return [
    `body='${quoted}'`,
    'id="msg_$(date +%s)_$$"; ts="$(date +%s)"',
    `sig="$(printf '%s' "$id.$ts.$body" | openssl dgst -sha256 -mac HMAC -macopt hexkey:${key} -binary | openssl base64 -A)"`,
    `curl -sS '${url}' -H 'content-type: application/json' -H "webhook-id: $id" -H "webhook-timestamp: $ts" -H "webhook-signature: v1,$sig" -d "$body"`,
  ].join('\n');
}

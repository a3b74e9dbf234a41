const GONE = '[redacted]';

/** The value of a field whose name contains one of these is always secret. */
const SECRET_NAMES = [
  'secret',
  'password',
  'passphrase',
  'token',
  'signature',
  'authorization',
  'cookie',
  'credential',
  'privatekey',
  'accesskeyid',
  'encrypt',
  'responseurl',
  'sessionwebhook',
  'triggerid',
];
/** Matched as whole field names. As parts they would match too many names. */
const SECRET_WHOLE_NAMES: ReadonlySet<string> = new Set(['sign', 'cookies', 'pem']);

/** Patterns of secrets inside any text, and their replacements. */
const SECRET_TEXTS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [^-]+-----[\s\S]*?(?:-----END [^-]+-----|$)/g, GONE],
  [/\bwhs(?:ec|k)_[A-Za-z0-9+/=_-]+/g, GONE],
  [/\bLTAI[A-Za-z0-9]{8,}/g, GONE],
  [/\bSTS\.[A-Za-z0-9]{8,}/g, GONE],
  // The beginning of an STS token, long enough that other text does not match by chance.
  [/CAIS[A-Za-z0-9+/=%]{32,}/g, GONE],
  // ECS repeats the signed text in an error message.
  [/(x-acs-security-token): *[^\s,]+/gi, `$1: ${GONE}`],
  // Standard Webhooks and Slack signatures.
  [/\bv1a?,[A-Za-z0-9+/]{40,}={0,2}/g, GONE],
  [/\bv0=[0-9a-f]{64}\b/g, GONE],
  [/\b(Bearer|Basic) [A-Za-z0-9+/=._~-]{8,}/gi, `$1 ${GONE}`],
  // Authorization headers of ECS and Function Compute, SMQ, Tablestore.
  [/\b(Credential|Signature)=[^,&\s"']+/gi, `$1=${GONE}`],
  [/\b(MNS|OTS|FC|acs) [^\s:"']+:[A-Za-z0-9+/]{20,}={0,2}/g, `$1 ${GONE}`],
  // Query strings and form bodies.
  [
    /\b((?:access_?|security[-_]?|session)?token|access_?key_?(?:id|secret)?|key|secret|sign|session|password)=[^&\s"',;]+/gi,
    `$1=${GONE}`,
  ],
  [/(\/hook\/)[A-Za-z0-9-]{8,}/g, `$1${GONE}`],
  // Slack's tokens, and webhook addresses that anybody who knows them can post to.
  [/\bxox[a-z]-[A-Za-z0-9-]{8,}/g, GONE],
  [/(hooks\.slack\.com\/)[^\s"'<>]+/g, `$1${GONE}`],
  // The path that DingTalk calls, and the signed values of our buttons.
  [/(\/chat\/dingtalk\/)[^\s"'/?#]+/g, `$1${GONE}`],
  [/\bv1\.[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{43}/g, GONE],
];

export function isSecretName(name: string): boolean {
  const plain = name.toLowerCase().replaceAll(/[^a-z]/g, '');
  return SECRET_WHOLE_NAMES.has(plain) || SECRET_NAMES.some((part) => plain.includes(part));
}

/** The text with everything that looks like a secret replaced. */
export function redactText(text: string): string {
  return SECRET_TEXTS.reduce((rest, [pattern, instead]) => rest.replaceAll(pattern, instead), text);
}

export const REDACTED = GONE;

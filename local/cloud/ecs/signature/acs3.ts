import { createHash, createHmac } from 'node:crypto';
import { canonicalPairs } from '../requests/pairs.ts';

export const ACS3_ALGORITHM = 'ACS3-HMAC-SHA256';

/** What an `Authorization` header of the third signature version says. */
export interface Acs3Authorization {
  readonly algorithm: string;
  readonly accessKeyId: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/** @returns undefined when the header is not of this form */
export function parseAcs3(authorization: string): Acs3Authorization | undefined {
  const match =
    /^(ACS3-[A-Z0-9-]+)\s+Credential=([^,]+),\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]+)$/.exec(
      authorization,
    );
  if (match === null) return undefined;
  const [, algorithm, accessKeyId, signedHeaders, signature] = match;
  return {
    algorithm: algorithm!,
    accessKeyId: accessKeyId!,
    signedHeaders: signedHeaders!.split(';'),
    signature: signature!,
  };
}

/**
 * The string that the third signature version signs:
 * https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature
 *
 * The query is encoded anew from its decoded pairs, because the official SDKs leave `*` and `!` raw on
 * the wire and encode them only for the signature.
 */
export function acs3StringToSign(request: {
  readonly method: string;
  readonly path: string;
  readonly query: readonly (readonly [string, string])[];
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly signedHeaders: readonly string[];
  readonly bodySha256: string;
}): string {
  const canonical = [
    request.method,
    request.path,
    canonicalPairs(request.query),
    request.signedHeaders
      .map((name) => `${name}:${(request.headers[name] ?? '').trim()}\n`)
      .join(''),
    request.signedHeaders.join(';'),
    request.bodySha256,
  ].join('\n');
  return `${ACS3_ALGORITHM}\n${createHash('sha256').update(canonical).digest('hex')}`;
}

export function acs3Signature(stringToSign: string, secret: string): string {
  return createHmac('sha256', secret).update(stringToSign).digest('hex');
}

import { createHmac } from 'node:crypto';
import { percentEncode } from '../../kernel/percent-encode.ts';
import { canonicalPairs } from '../requests/pairs.ts';

/**
 * The string that `SignatureVersion=1.0` signs: every parameter of the query and of the form except
 * the signature. https://help.aliyun.com/zh/sdk/product-overview/rpc-mechanism
 */
export function hmacSha1StringToSign(
  method: string,
  pairs: readonly (readonly [string, string])[],
): string {
  const signed = pairs.filter(([name]) => name !== 'Signature');
  return `${method}&${percentEncode('/')}&${percentEncode(canonicalPairs(signed))}`;
}

/** The key is the secret and an ampersand. The vector in the documents confirms it. */
export function hmacSha1Signature(stringToSign: string, secret: string): string {
  return createHmac('sha1', `${secret}&`).update(stringToSign).digest('base64');
}

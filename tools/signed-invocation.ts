import { createHash } from 'node:crypto';
import { OpenApiUtil } from '@alicloud/openapi-core';
import type { Credentials } from '../shared/outbound/credentials.ts';

/** The arguments for `fetch`. */
export interface SignedRequest {
  readonly url: string;
  readonly method: 'POST';
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/**
 * A synchronous call of a function over the API of Function Compute, signed by ACS3-HMAC-SHA256:
 * https://www.alibabacloud.com/help/en/functioncompute/fc-3-0/developer-reference/api-fc-2023-03-30-invokefunction
 */
export function signedInvocation(call: {
  /** As a URL without a path. */
  readonly endpoint: string;
  readonly functionName: string;
  readonly body: Buffer;
  readonly credentials: Credentials;
  readonly now: Date;
  readonly nonce: string;
}): SignedRequest {
  const { endpoint, functionName, body, credentials, now, nonce } = call;
  const pathname = `/2023-03-30/functions/${functionName}/invocations`;
  const digest = createHash('sha256').update(body).digest('hex');
  const { accessKeyId, accessKeySecret, securityToken } = credentials;
  const headers = {
    'content-type': 'application/octet-stream',
    'x-acs-action': 'InvokeFunction',
    'x-acs-version': '2023-03-30',
    'x-acs-date': now.toISOString().replace(/\.\d+Z$/, 'Z'),
    'x-acs-signature-nonce': nonce,
    'x-acs-content-sha256': digest,
    'x-fc-invocation-type': 'Sync',
    ...(securityToken === undefined ? {} : { 'x-acs-security-token': securityToken }),
  };
  const { host } = new URL(endpoint);
  const authorization = OpenApiUtil.getAuthorization(
    { method: 'POST', pathname, query: {}, headers: { host, ...headers } } as never,
    'ACS3-HMAC-SHA256',
    digest,
    accessKeyId,
    accessKeySecret,
  );
  const url = `${endpoint.replace(/\/$/, '')}${pathname}`;
  return { url, method: 'POST', headers: { ...headers, authorization }, body };
}

import compiled from 'tablestore/lib/protocol/tablestore_compiled_proto.js';
import type { Credential } from '../kernel/account.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { VendorError } from '../kernel/vendor-error.ts';
import type { WireReply } from '../../http/wire.ts';
import { contentMd5, responseSignature } from './signature.ts';

/**
 * An answer with the headers of the real service. It is signed when the caller is known: the official SDKs
 * require the signature on success, and on every error except OTSAuthFailed.
 */
export function reply(
  kernel: Kernel,
  status: number,
  bytes: Uint8Array,
  to?: { readonly credential: Credential; readonly path: string },
): WireReply {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headers: Record<string, string> = {
    'x-ots-requestid': kernel.requestId().toLowerCase(),
    'x-ots-date': new Date(kernel.wallMs()).toISOString(),
    'x-ots-contenttype': 'protocol buffer',
    'x-ots-contentmd5': contentMd5(body),
  };
  if (to !== undefined) {
    const { accessKeyId, accessKeySecret } = to.credential;
    const signature = responseSignature(accessKeySecret, to.path, headers);
    headers['authorization'] = `OTS ${accessKeyId}:${signature}`;
  }
  return { status, headers, body };
}

export function errorBytes(error: VendorError): Uint8Array {
  return compiled.main.proto.Error.encode({ code: error.code, message: error.message }).finish();
}

import type { VendorError } from '../../kernel/vendor-error.ts';
import type { WireReply } from '../../../http/wire.ts';

/** An error of the platform, with `Code` and `Message` as in API version 2023-03-30. */
export function fcError(error: VendorError, requestId: string): WireReply {
  return {
    status: error.status,
    headers: { 'content-type': 'application/json', 'x-fc-request-id': requestId },
    body: JSON.stringify({ RequestId: requestId, Code: error.code, Message: error.message }),
  };
}

export function invalidArgument(message: string): VendorError {
  return { status: 400, code: 'InvalidArgument', message };
}

/** The table: https://www.alibabacloud.com/help/en/functioncompute/error-codes */
export const MISSING_DATE: VendorError = {
  status: 400,
  code: 'MissingRequiredHeader',
  message: 'required HTTP header Date was not specified',
};

export const SIGNATURE_NOT_MATCH: VendorError = {
  status: 403,
  code: 'SignatureNotMatch',
  message:
    'The request signature we calculated does not match the signature you provided. Check your access key and signing method',
};

export function invalidAccessKeyId(accessKeyId: string): VendorError {
  const message = `invalid access key ID '${accessKeyId}'`;
  return { status: 403, code: 'InvalidAccessKeyID', message };
}

export function accessDenied(message: string): VendorError {
  return { status: 403, code: 'AccessDenied', message };
}

/** https://help.aliyun.com/zh/functioncompute/fc/product-overview/limits-of-usage */
export const MAX_SYNC_BYTES = 32 * 1024 * 1024;
export const MAX_ASYNC_BYTES = 128 * 1024;

export function entityTooLarge(maxBytes: number): VendorError {
  const message = `payload size exceeds maximum allowed size (${maxBytes} bytes)`;
  return { status: 400, code: 'EntityTooLarge', message };
}

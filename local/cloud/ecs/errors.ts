import type { VendorError } from '../kernel/vendor-error.ts';

/**
 * Every error that the emulated ECS answers, in the vendor's words. Statuses and messages are from the
 * "Error codes" part of each operation's page, for example
 * https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-startinstances, and,
 * for what the gateway refuses, from https://help.aliyun.com/document_detail/51132.html. Where the
 * vendor publishes a code without a message, or no code at all, the comment says "ours".
 */
const ERRORS = {
  // The gateway
  'InvalidApi.NotFound': [404, 'Specified api is not found, please check your url and method.'],
  UnsupportedHTTPMethod: [403, 'This http method not supported.'],
  InvalidVersion: [400, 'Specified parameter Version is not valid.'],
  MissingParameter: [
    400,
    'The input parameter "%s" that is mandatory for processing this request is not supplied.',
  ],
  InvalidParameter: [400, 'The specified parameter "%s" is not valid.'],
  UnsupportedParameter: [400, 'The parameter "%s" is not supported.'],
  MissingAccessKeyId: [400, 'AccessKeyId is mandatory for this action.'],
  'InvalidAccessKeyId.NotFound': [404, 'Specified access key is not found.'],
  MissingSecurityToken: [400, 'SecurityToken is mandatory for this action.'],
  /** Code published, message ours. */
  'InvalidSecurityToken.MismatchWithAccessKey': [
    400,
    'Specified SecurityToken does not match the AccessKeyId.',
  ],
  IncompleteSignature: [400, 'The request signature does not conform to Aliyun standards.'],
  /** Code published, message ours. */
  InvalidSignatureMethod: [400, 'Specified signature method is not supported.'],
  SignatureDoesNotMatch: [
    400,
    'Specified signature is not matched with our calculation. server string to sign is:%s',
  ],
  SignatureNonceUsed: [400, 'Specified signature nonce was used already.'],
  'InvalidTimeStamp.Expired': [400, 'Specified time stamp or date value is expired.'],
  'InvalidTimeStamp.Format': [400, 'Specified time stamp or date value is not well formatted.'],
  'Throttling.User': [400, 'Request was denied due to user flow control.'],
  'InvalidRegionId.NotFound': [404, 'The specified RegionId does not exist.'],

  // Instances
  'InvalidInstanceId.NotFound': [404, 'The specified InstanceId does not exist.'],
  'InvalidInstanceIds.NotFound': [404, 'The specified InstanceIds does not exist.'],
  'Abs.InvalidInstanceIds.MalFormed': [403, 'The specified instanceIds is not valid.'],
  'InvalidParameter.TooManyInstanceIds': [403, 'Instance ids cannot be more than 100.'],
  IncorrectInstanceStatus: [
    403,
    'The current status of the resource does not support this operation.',
  ],
  InstanceLockedForSecurity: [
    403,
    'The specified operation is denied as your instance is locked for security reasons.',
  ],
  InstanceExpiredOrInArrears: [
    403,
    'The specified operation is denied as your prepay instance is expired (prepay mode) or in arrears (afterpay mode).',
  ],
  InstanceExpired: [
    403,
    'The postPaid instance has been expired. Please ensure your account have enough balance.',
  ],
  'OperationDenied.NoStock': [
    403,
    'The requested resource is sold out in the specified zone; try other types of resources or other regions and zones.',
  ],
  DryRunOperation: [400, 'Request validation has been passed with DryRun flag set.'],
  'DRYRUN.SUCCESS': [400, 'This request is a dryrun request with successful result.'],
  'InvalidStatus.NotFound': [404, 'The specified Status does not exist.'],
  /** Code published for other operations, message ours. */
  'InvalidOperation.DeletionProtection': [
    403,
    'The operation is not allowed due to deletion protection.',
  ],
  IdempotentParameterMismatch: [
    400,
    'Request uses a client token in a previous request but is not identical to that request.',
  ],

  // Key pairs
  'InvalidKeyPairName.NotFound': [400, 'The specified KeyPairName does not exist in our records.'],
  'InvalidKeyPairName.Malformed': [400, 'Specified Key Pair name is not valid.'],
  'KeyPair.AlreadyExist': [400, 'The key pair already exist.'],
  'InvalidPublicKeyBody.Malformed': [400, 'The PublicKeyBody format is not supported.'],
  'QuotaExceed.KeyPair': [403, 'The key pair quota exceeds.'],
  'InvalidInstanceIds.ValueNotSupported': [
    400,
    'The specified parameter InstanceIds is not valid.',
  ],
  'DependencyViolation.IoOptimize': [400, 'The specified parameter InstanceIds is not valid.'],
  'DependencyViolation.WindowsInstance': [
    403,
    'The instance creating is windows, cannot use ssh key pair to login',
  ],
  InstanceKeyPairLimitExceeded: [403, 'The specified instances are beyond the permitted range.'],
  'InvalidKeyPairNames.ValueNotSupported': [
    400,
    'The specified parameter "KeyPairNames" is not valid.',
  ],
  'InvalidParameter.KeypairAlreadyAttachedInstance': [
    400,
    'The specified parameter "KeyPairNames" attached to instances can not be deleted.',
  ],

  // Tags
  'Duplicate.TagKey': [400, 'The Tag.N.Key contain duplicate key.'],
  'InvalidTagKey.Malformed': [400, 'The specified Tag.n.Key is not valid.'],
  'InvalidTagValue.Malformed': [400, 'The specified Tag.n.Value is not valid.'],
  /** Code published, message ours. */
  'QuotaExceed.Tags': [403, 'The number of tags of the resource exceeds the quota.'],
  'InvalidResourceType.NotFound': [404, 'The ResourceType provided does not exist in our records.'],
  'InvalidResourceId.NotFound': [404, 'The specified ResourceIds are not found in our records.'],
} as const satisfies Readonly<Record<string, readonly [status: number, message: string]>>;

export type EcsErrorCode = keyof typeof ERRORS;

/** An error that refuses a call. The service turns it into an answer. */
export class EcsError extends Error {
  override readonly name = 'EcsError';
  readonly vendor: VendorError;

  constructor(vendor: VendorError) {
    super(`${vendor.code}: ${vendor.message}`);
    this.vendor = vendor;
  }
}

/** @param about stands for the `%s` of the message */
export function vendorError(code: EcsErrorCode, about = ''): VendorError {
  const [status, message] = ERRORS[code];
  return { status, code, message: message.replace('%s', () => about) };
}

/** @param about stands for the `%s` of the message */
export function refuse(code: EcsErrorCode, about = ''): never {
  throw new EcsError(vendorError(code, about));
}

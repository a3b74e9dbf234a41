import { vendorError } from '../errors.ts';
import type { VendorError } from '../../kernel/vendor-error.ts';
import type { Instance } from './instance.ts';

/**
 * Why an operation is refused for one instance, or undefined when it is allowed. The states are those
 * that each operation's page names.
 */
export type Rule = (instance: Instance) => VendorError | undefined;

export const mayReboot: Rule = (instance) => {
  if (isLockedForSecurity(instance)) return vendorError('InstanceLockedForSecurity');
  if (instance.expired) return vendorError('InstanceExpiredOrInArrears');
  return instance.status === 'Running' ? undefined : vendorError('IncorrectInstanceStatus');
};

export const mayStart: Rule = (instance) => {
  if (isLockedForSecurity(instance)) return vendorError('InstanceLockedForSecurity');
  if (instance.expired) return vendorError('InstanceExpired');
  if (instance.status !== 'Stopped') return vendorError('IncorrectInstanceStatus');
  const isSoldOut = instance.stoppedMode === 'StopCharging' && !instance.hasStock;
  return isSoldOut ? vendorError('OperationDenied.NoStock') : undefined;
};

export const mayStop: Rule = (instance) => {
  if (isLockedForSecurity(instance)) return vendorError('InstanceLockedForSecurity');
  return instance.status === 'Running' ? undefined : vendorError('IncorrectInstanceStatus');
};

/**
 * For AttachKeyPair and DetachKeyPair. The documents require Running or Stopped and do not mention locks.
 * So a locked instance accepts a key pair, and cannot be rebooted afterwards.
 */
export const mayChangeKeyPair: Rule = (instance) => {
  if (instance.osType === 'windows') return vendorError('DependencyViolation.WindowsInstance');
  if (!instance.ioOptimized) return vendorError('DependencyViolation.IoOptimize');
  const isSettled = instance.status === 'Running' || instance.status === 'Stopped';
  return isSettled ? undefined : vendorError('IncorrectInstanceStatus');
};

/**
 * `forced` is `Force=true`. The page compares it to a power cut, so every state but Pending allows it.
 */
export const mayDelete =
  (forced: boolean): Rule =>
  (instance) => {
    if (instance.deletionProtection) return vendorError('InvalidOperation.DeletionProtection');
    const isAllowed = instance.status === 'Stopped' || (forced && instance.status !== 'Pending');
    return isAllowed ? undefined : vendorError('IncorrectInstanceStatus');
  };

function isLockedForSecurity(instance: Instance): boolean {
  return instance.locks.includes('security');
}

import type { LatchkeyError } from '../../shared/domain/model/errors.ts';
import { EXIT, type ExitStatus } from '../exit.ts';
import { plain } from './text.ts';

/** What the cloud itself said, to whoever asked it from here. */
export function showCloudError({ message, details }: LatchkeyError): string[] {
  const { requestId, vendorCode } = details;
  const about = [
    vendorCode === undefined ? '' : `Alibaba Cloud: ${plain(vendorCode)}`,
    requestId === undefined ? '' : `its request ${plain(requestId)}`,
  ].filter((part) => part !== '');
  return [plain(message), ...(about.length === 0 ? [] : [`  ${about.join(', ')}`])];
}

export function cloudExitStatus({ code }: LatchkeyError): ExitStatus {
  switch (code) {
    case 'unreachable':
    case 'unavailable':
    case 'timeout':
    case 'throttled':
      return EXIT.unreachable;
    case 'bad-request':
    case 'unsigned':
    case 'forbidden':
    case 'not-found':
    case 'method-not-allowed':
    case 'plan-changed':
    case 'conflict':
    case 'too-large':
    case 'unsupported-media-type':
    case 'not-valid':
    case 'refused':
      return EXIT.refused;
  }
}

import type { Spoil } from './faults.ts';
import type { VendorError } from './vendor-error.ts';
import type { WireReply, WireRequest } from '../../http/wire.ts';

/** One emulated service behind one port. */
export interface Service {
  /** `ecs`, `smq`, `tablestore`, `fc`, `eventbridge`: the name in counters and faults. */
  readonly name: string;
  readonly actions: readonly string[];
  /** The action of the request, '' for an unknown one. Checks nothing else. */
  actionOf(request: WireRequest): string;
  /** The access key id of the request, not verified. */
  accessKeyOf(request: WireRequest): string | undefined;
  /**
   * Verifies the signature and carries out the action. An error of the client becomes an answer. A rejection
   * is a bug of the local cloud.
   */
  handle(request: WireRequest, spoil: Spoil): Promise<WireReply>;
  /** An error in the vendor's own wire format. */
  errorReply(error: VendorError): WireReply;
  /** The error of a throttled call. */
  readonly throttled: VendorError;
}

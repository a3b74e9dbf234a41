import type { Spoil } from './faults.ts';
import type { VendorError } from './vendor-error.ts';
import type { WireReply, WireRequest } from '../../http/wire.ts';

/** One emulated service behind one port. */
export interface Service {
  /** `ecs`, `smq`, `tablestore`, `fc`, `eventbridge`: what counters and faults call it. */
  readonly name: string;
  readonly actions: readonly string[];
  /** The action that the request names, '' when it names none that exists. Checks nothing else. */
  actionOf(request: WireRequest): string;
  /** The access key id that the request claims, unchecked. */
  accessKeyOf(request: WireRequest): string | undefined;
  /**
   * Verifies the signature and carries the action out. What the client did wrong is answered, not
   * thrown: a rejection is a bug of the local cloud.
   */
  handle(request: WireRequest, spoil: Spoil): Promise<WireReply>;
  /** An error in the vendor's own wire format. */
  errorReply(error: VendorError): WireReply;
  /** What a throttled call is told. */
  readonly throttled: VendorError;
}

import type { RequestLedger } from '../../shared/domain/model/ports.ts';
import type { TellPorts } from '../../shared/domain/rollouts/tell-once.ts';

/** What the routes work with. */
export interface ServePorts extends TellPorts {
  readonly ledger: RequestLedger;
}

import type { RequestLedger } from '../../shared/domain/model/ports.ts';
import type { CommandPorts } from '../../shared/domain/rollouts/carry-out-command.ts';

/** What the routes work with. */
export interface ServePorts extends CommandPorts {
  readonly ledger: RequestLedger;
}

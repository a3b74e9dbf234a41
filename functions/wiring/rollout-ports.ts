import type { AuditTrail } from '../../shared/domain/model/audit.ts';
import type { RequestLedger } from '../../shared/domain/model/ports.ts';
import type { RolloutRules } from '../../shared/domain/policy/rules.ts';
import type { CommandPorts } from '../../shared/domain/rollouts/carry-out-command.ts';
import { ecsOverSdk } from '../../shared/outbound/ecs/ecs-over-sdk.ts';
import { closeIdleEcsSockets } from '../../shared/outbound/ecs/idle-sockets.ts';
import { sha256 } from '../../shared/outbound/sha256.ts';
import { tablestoreAudit } from '../../shared/outbound/store/audit-trail.ts';
import { tablestoreGlobalStop } from '../../shared/outbound/store/global-stop.ts';
import { tablestoreMemories } from '../../shared/outbound/store/instance-memories.ts';
import { tablestorePlanMemory } from '../../shared/outbound/store/plan-memory.ts';
import { tablestoreLedger } from '../../shared/outbound/store/request-ledger.ts';
import { tablestoreRollouts } from '../../shared/outbound/store/rollouts.ts';
import type { Base } from '../entry.ts';
import { storeOf } from './store.ts';

/**
 * Most time for one call to the audit trail: our own choice. The trail is written when an invocation ends,
 * perhaps at its deadline. Three tries must fit into the time that is reserved for the answer
 * (shared/inbound/invocation.ts). A lost entry is appended again when the rollout ends.
 */
const AUDIT_CALL_MS = 500;

/** The ports that start rollouts and carry them out: ECS, the store and the rules. */
export function rolloutPorts(
  base: Base,
  rules: RolloutRules,
): CommandPorts & { readonly ledger: RequestLedger; readonly audit: AuditTrail } {
  const { settings, policy, regionId, credentials, log, clock, queue } = base;
  const store = storeOf(base);
  base.onBegin(closeIdleEcsSockets);
  return {
    policy,
    log,
    clock,
    queue,
    rules,
    sha256,
    stop: tablestoreGlobalStop(store, regionId),
    plans: tablestorePlanMemory(store, { sha256, log }),
    ecs: ecsOverSdk({
      regionId,
      endpoint: settings.ecsEndpoint,
      credentials,
      nowMs: clock.nowMs,
      log,
    }),
    rollouts: tablestoreRollouts(store, { log }),
    memories: tablestoreMemories(store, regionId),
    ledger: tablestoreLedger(store),
    audit: tablestoreAudit(storeOf(base, AUDIT_CALL_MS)),
  };
}

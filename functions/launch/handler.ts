import { isOwnRole } from '../../shared/domain/launch/launch-rules.ts';
import type { Launch } from '../../shared/domain/model/launch.ts';
import { type MessageOf, now } from '../../shared/domain/model/messages.ts';
import type { Policy } from '../../shared/domain/model/policy.ts';
import type { Clock, Log, Queue } from '../../shared/domain/model/ports.ts';
import type { FcContext } from '../../shared/inbound/fc.ts';
import { type LaunchEvent, readLaunchEvent } from '../../shared/inbound/launch-event.ts';

export interface Ports {
  readonly regionId: string;
  readonly policy: Pick<Policy, 'launch' | 'ownRoles'>;
  readonly queue: Queue<MessageOf<'launch'>>;
  readonly clock: Clock;
  readonly log: Log;
}

/** What was done with one event, for the log and for an invocation by hand. */
type LaunchReport =
  | { readonly kind: 'ignored'; readonly why: string }
  | { readonly kind: 'queued'; readonly eventKey: string; readonly instances: number };

/**
 * Queues a message for each launched instance. `restart` gathers the messages of all sources
 * (docs/decisions/0007).
 *
 * @throws {LatchkeyError} for a launch that cannot be read, and when the queue did not take every message:
 * the platform then delivers the event again
 */
export function makeHandler(ports: Ports) {
  return async (bytes: Uint8Array, _context: FcContext): Promise<LaunchReport> => {
    const startedMs = ports.clock.nowMs();
    const report = await handleEvent(readLaunchEvent(bytes), ports);
    ports.log('info', report.kind, { ...report, tookMs: ports.clock.nowMs() - startedMs });
    return report;
  };
}

async function handleEvent(event: LaunchEvent, ports: Ports): Promise<LaunchReport> {
  if (event.kind === 'ignored') return event;
  const why = whyIgnored(event, ports);
  if (why !== undefined) return { kind: 'ignored', why };
  const messages = launchesOf(event).map((launch) => now({ kind: 'launch', launch }));
  const errors = await ports.queue.send(messages);
  const failed = errors.find((error) => error !== undefined);
  if (failed !== undefined) throw failed;
  return { kind: 'queued', eventKey: event.key, instances: messages.length };
}

type Launched = Extract<LaunchEvent, { readonly kind: 'launch' }>;

function whyIgnored(event: Launched, { regionId, policy }: Ports): string | undefined {
  if (policy.launch.length === 0) return 'the policy has no launch rule';
  if (event.regionId !== regionId) return `another region: ${event.regionId}`;
  const { roleName } = event;
  if (roleName === null || !isOwnRole(policy.ownRoles, roleName)) return undefined;
  return `our own role: ${roleName}`;
}

function launchesOf(event: Launched): Launch[] {
  const { instanceIds, key, parameters, kind: _, roleName: __, ...about } = event;
  return instanceIds.map((instanceId) => ({
    instanceId,
    ...about,
    launchTemplates: parameters?.launchTemplates ?? null,
    eventKey: key,
    lastCall: false,
    tries: 0,
  }));
}

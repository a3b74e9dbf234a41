import { ask, type AskPorts } from '../../shared/domain/ask.ts';
import { LatchkeyError } from '../../shared/domain/errors.ts';
import type { Snapshot } from '../../shared/domain/instance.ts';
import { describeAll } from '../../shared/domain/look-up.ts';
import { type LaunchRule, launchRuleFor, type Policy } from '../../shared/domain/policy.ts';
import type { FcContext } from '../../shared/inbound/fc.ts';
import { MAX_INSTANCES } from '../../shared/domain/request.ts';
import { invocationOf } from '../../shared/inbound/invocation.ts';
import { readLaunchEvent } from '../../shared/inbound/launch-event.ts';

/** How long a new instance may stay invisible to DescribeInstances: our own choice. */
const VISIBLE_WITHIN_MS = 120_000;

export interface Ports extends AskPorts {
  readonly regionId: string;
  readonly policy: Policy;
}

/** What became of one event, for the log and for whoever invokes by hand. */
export type LaunchReport =
  | { readonly kind: 'ignored'; readonly why: string }
  | { readonly kind: 'asked'; readonly rolloutIds: readonly string[] };

/**
 * One rollout for each rule that matches instances of the launch. The same event again finds the
 * same rollouts.
 *
 * @throws {LatchkeyError} when the cloud did not do its part: the event is to be delivered again
 */
export function makeHandler(ports: Ports) {
  return async (bytes: Uint8Array, context: FcContext): Promise<LaunchReport> => {
    const startedMs = ports.clock.nowMs();
    const report = await launched(bytes, context, startedMs, ports);
    ports.log('info', report.kind, { ...report, tookMs: ports.clock.nowMs() - startedMs });
    return report;
  };
}

async function launched(
  bytes: Uint8Array,
  context: FcContext,
  startedMs: number,
  ports: Ports,
): Promise<LaunchReport> {
  const event = readLaunchEvent(bytes);
  if (event.kind === 'ignored') return event;
  if (event.regionId !== ports.regionId) {
    return { kind: 'ignored', why: `another region: ${event.regionId}` };
  }
  const snapshots = await describeAll(ports.ecs, event.instanceIds);
  const unseen = event.instanceIds.filter((id) => !snapshots.has(id));
  if (unseen.length > 0 && startedMs - event.atMs < VISIBLE_WITHIN_MS) {
    throw new LatchkeyError('unavailable', `Cannot see new instance "${unseen[0]}" yet`);
  }
  const byRule = groupByRule(ports.policy, snapshots);
  if (byRule.size === 0) return { kind: 'ignored', why: 'no rule matches' };
  const rolloutIds: string[] = [];
  let trouble: unknown;
  for (const [rule, instanceIds] of byRule) {
    const asked = ask(
      {
        regionId: ports.regionId,
        keyPairName: rule.keyPairName,
        instanceIds,
        restart: rule.restart ? 'auto' : 'never',
        startStopped: false,
        restartAlreadyAttached: false,
        // New instances serve nobody yet, and one that fails says nothing of the others.
        attach: 'now',
        maxUnavailable: '100%',
        ramp: 'none',
        groupBy: null,
        haltAfterFailures: MAX_INSTANCES,
        bakeSeconds: 0,
        readyTimeoutSeconds: 300,
        approveWithinSeconds: null,
        expectedPlanDigest: null,
        undoes: null,
        selector: null,
        breakGlass: null,
        launch: null,
        dryRun: false,
        note: `${event.eventName} by ${event.launchedBy}`.slice(0, 200),
      },
      {
        door: 'launch',
        client: rule.name,
        idempotencyKey: event.key,
        // What was launched, not what is still there: a late repetition is the same request.
        bodyDigest: event.instanceIds.join(','),
      },
      ports,
      invocationOf(context, startedMs),
      snapshots,
    );
    try {
      const answer = await asked;
      if (answer.kind === 'rollout') rolloutIds.push(answer.rollout.rolloutId);
    } catch (error) {
      // One rule's missing key pair is not the other rules' trouble.
      ports.log('error', 'not-asked', { rule: rule.name, error });
      trouble ??= error;
    }
  }
  if (trouble !== undefined) throw trouble;
  return { kind: 'asked', rolloutIds };
}

function groupByRule(
  policy: Policy,
  snapshots: ReadonlyMap<string, Snapshot>,
): Map<LaunchRule, string[]> {
  const byRule = new Map<LaunchRule, string[]>();
  for (const [instanceId, snapshot] of snapshots) {
    const rule = launchRuleFor(policy, snapshot);
    if (rule === undefined) continue;
    byRule.set(rule, [...(byRule.get(rule) ?? []), instanceId]);
  }
  return byRule;
}

import type { InstanceMemory } from '../../../shared/domain/model/instance.ts';
import type { Rollout } from '../../../shared/domain/model/rollout.ts';
import { ApprovalReferee } from './approval-referee.ts';
import { ClaimReferee } from './claim-referee.ts';
import { HistoryReferee } from './history-referee.ts';
import type { Invocation } from '../world/invocation.ts';
import { RestartReferee } from './restart-referee.ts';
import { NoticeReferee } from './notice-referee.ts';
import { OwnerReferee } from './owner-referee.ts';
import { ResultReferee } from './result-referee.ts';
import type { ModelCloud } from '../world/model-cloud.ts';

/**
 * Finds broken promises. It judges by what was saved and what took effect in the cloud, never by what
 * the code under test reports.
 */
export class Referee {
  readonly #cloud: ModelCloud;
  /** The first fault ends the seed. */
  readonly faults: string[] = [];
  readonly restarts: RestartReferee;
  readonly claims: ClaimReferee;
  readonly results: ResultReferee;
  readonly history: HistoryReferee;
  readonly notices: NoticeReferee;
  readonly owners: OwnerReferee;
  readonly approvals: ApprovalReferee;
  /** How often each transition was saved. */
  readonly transitions = new Map<string, number>();
  /** Instances whose key pair was changed behind Latchkey's back. What logs in there is not judged. */
  readonly tampered = new Set<string>();

  constructor(cloud: ModelCloud) {
    this.#cloud = cloud;
    const fail = (fault: string) => this.fail(fault);
    this.owners = new OwnerReferee(cloud, fail);
    this.claims = new ClaimReferee(cloud, this.owners, fail);
    this.history = new HistoryReferee(cloud, fail);
    this.restarts = new RestartReferee(cloud, this, fail);
    this.results = new ResultReferee(cloud, fail);
    this.notices = new NoticeReferee(cloud, fail);
    this.approvals = new ApprovalReferee(cloud, fail);
  }

  fail(fault: string): void {
    if (this.faults.length === 0) this.#cloud.story.tell(() => `FAULT: ${fault}`);
    this.faults.push(fault);
  }

  created(rollout: Rollout): void {
    const { rollouts, ecs } = this.#cloud;
    const { idempotencyKey } = rollout.origin;
    const twins = rollouts.all().filter(({ origin }) => origin.idempotencyKey === idempotencyKey);
    if (twins.length > 1) this.fail(`two rollouts for one request "${idempotencyKey}"`);
    for (const { instanceId, attach } of rollout.instances) {
      if (attach.kind !== 'skipped' || attach.effective !== 'yes') continue;
      if (this.tampered.has(instanceId) || !ecs.exists(instanceId)) continue;
      const works = ecs.look(instanceId).effectiveKeyPairName;
      if (works === rollout.keyPair.name) continue;
      this.fail(`${instanceId} is planned as effective, but "${works}" logs in`);
    }
    this.results.saved(rollout);
    this.history.saved(undefined, rollout);
    this.notices.created(rollout);
    this.approvals.created(rollout);
  }

  saved(before: Rollout, after: Rollout, invocation: Invocation): void {
    if (after.version !== before.version + 1) {
      this.fail(`version ${after.version} was saved over ${before.version}`);
    }
    if (after.planDigest !== before.planDigest || after.createdAtMs !== before.createdAtMs) {
      this.fail('a rollout was planned again');
    }
    if (before.phase !== after.phase) this.#count('phase', before.phase, after.phase);
    if (before.control !== after.control) {
      this.#count('control', before.control.kind, after.control.kind);
    }
    const [had, has] = [before.approval?.state, after.approval?.state];
    if (had !== has) this.#count('approval', had, has);
    this.approvals.saved(before, after, invocation);
    if (before.instances !== after.instances) this.#compare(before, after, invocation);
    this.results.saved(after);
    this.history.saved(before, after);
    this.notices.saved(before, after);
  }

  #compare(before: Rollout, after: Rollout, invocation: Invocation): void {
    const { story } = this.#cloud;
    for (const [index, is] of after.instances.entries()) {
      const was = before.instances[index]!;
      if (was === is) continue;
      if (was.instanceId !== is.instanceId) this.fail('the plan of a rollout was changed');
      if (was.attach.kind !== is.attach.kind) {
        this.#count('attach', was.attach.kind, is.attach.kind);
        story.tell(() => `    ${is.instanceId} attach ${was.attach.kind} → ${is.attach.kind}`);
        const isFinal = was.attach.kind === 'attached' || was.attach.kind === 'failed';
        const isDecided = after.approval === null || after.approval.state === 'approved';
        if (is.attach.kind === 'attached' && !isDecided) {
          this.fail(`${is.instanceId} is attached before the approval`);
        }
        if (isFinal) this.fail(`the outcome of ${is.instanceId} changed after it was saved`);
      }
      if (was.restart === is.restart) continue;
      if (was.restart.kind !== is.restart.kind) {
        this.#count('restart', was.restart.kind, is.restart.kind);
        story.tell(() => `    ${is.instanceId} restart ${was.restart.kind} → ${is.restart.kind}`);
      }
      this.restarts.changed(after, was, is, invocation);
    }
    this.claims.saved(before, after, invocation);
  }

  remembering(rolloutId: string, memories: readonly InstanceMemory[]): void {
    const { ecs, memories: store } = this.#cloud;
    for (const { instanceId, bound, readyAtMs } of memories) {
      if (bound === null || readyAtMs === null || this.tampered.has(instanceId)) continue;
      // Not held any more, or released in the cloud: nothing is remembered.
      if (store.peek(instanceId)?.holder !== rolloutId || !ecs.exists(instanceId)) continue;
      const works = ecs.look(instanceId).effectiveKeyPairName;
      if (works === bound.name) continue;
      this.fail(`${rolloutId} remembers ${instanceId} as ready, but "${works}" logs in`);
    }
  }

  sent(body: string): void {
    this.results.sent(body);
    this.notices.sent(body);
  }

  attaching(instanceIds: readonly string[]): void {
    const { memories } = this.#cloud;
    const free = instanceIds.find((id) => (memories.peek(id)?.holder ?? null) === null);
    if (free !== undefined) this.fail(`${free} is attached, though no rollout holds it`);
  }

  /** After the calm: whatever is not done must say what it waits for. */
  judgeTheEnd(): void {
    for (const rollout of this.#cloud.rollouts.all()) {
      this.claims.judgeWaiting(rollout);
      this.results.judgeTheEnd(rollout);
    }
    this.history.judgeTheEnd();
    this.notices.judgeTheEnd();
  }

  #count(what: string, was: string | undefined, is: string | undefined): void {
    const transition = `${what}: ${was} → ${is}`;
    this.transitions.set(transition, (this.transitions.get(transition) ?? 0) + 1);
  }
}

import type { InstanceMemory } from '../../shared/domain/model/instance.ts';
import type { Rollout } from '../../shared/domain/model/rollout.ts';
import { ApprovalReferee } from './approval-referee.ts';
import { ClaimReferee } from './claim-referee.ts';
import { HistoryReferee } from './history-referee.ts';
import type { Invocation } from './invocation.ts';
import { RestartReferee } from './restart-referee.ts';
import { NoticeReferee } from './notice-referee.ts';
import { OwnerReferee } from './owner-referee.ts';
import { ResultReferee } from './result-referee.ts';
import type { World } from './world.ts';

/**
 * Knows what the cloud and the store really did, and says what must never be. Judges by what was
 * saved and what took effect, never by what the code under test says of itself.
 */
export class Referee {
  readonly #world: () => World;
  /** The first one ends the seed. */
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
  /** Instances whose key pair somebody else has changed: nobody can know what works there. */
  readonly tampered = new Set<string>();

  constructor(world: () => World) {
    this.#world = world;
    const fail = (fault: string) => this.fail(fault);
    this.restarts = new RestartReferee(world, fail);
    this.claims = new ClaimReferee(world, fail);
    this.results = new ResultReferee(fail);
    this.history = new HistoryReferee(fail);
    this.notices = new NoticeReferee(world, fail);
    this.owners = new OwnerReferee(world, fail);
    this.approvals = new ApprovalReferee(world, fail);
  }

  fail(fault: string): void {
    if (this.faults.length === 0) this.#world().story.tell(() => `FAULT: ${fault}`);
    this.faults.push(fault);
  }

  created(rollout: Rollout): void {
    const { rollouts, ecs } = this.#world();
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
      this.fail('the plan of a rollout was made again');
    }
    this.#count(`phase: ${before.phase} → ${after.phase}`, before.phase !== after.phase);
    this.#count(
      `control: ${before.control.kind} → ${after.control.kind}`,
      before.control !== after.control,
    );
    this.#count(
      `approval: ${before.approval?.state} → ${after.approval?.state}`,
      before.approval?.state !== after.approval?.state,
    );
    this.approvals.saved(before, after, invocation);
    if (before.instances !== after.instances) this.#compare(before, after, invocation);
    this.results.saved(after);
    this.history.saved(before, after);
    this.notices.saved(before, after);
  }

  #compare(before: Rollout, after: Rollout, invocation: Invocation): void {
    const { story } = this.#world();
    for (const [index, is] of after.instances.entries()) {
      const was = before.instances[index]!;
      if (was === is) continue;
      if (was.instanceId !== is.instanceId) this.fail('the plan of a rollout was changed');
      if (was.attach.kind !== is.attach.kind) {
        this.#count(`attach: ${was.attach.kind} → ${is.attach.kind}`, true);
        story.tell(() => `    ${is.instanceId} attach ${was.attach.kind} → ${is.attach.kind}`);
        const isFinal = was.attach.kind === 'attached' || was.attach.kind === 'failed';
        const isDecided = after.approval === null || after.approval.state === 'approved';
        if (is.attach.kind === 'attached' && !isDecided) {
          this.fail(`${is.instanceId} is attached before anybody approves`);
        }
        if (isFinal) this.fail(`the outcome of ${is.instanceId} was saved, and changed`);
      }
      if (was.restart === is.restart) continue;
      if (was.restart.kind !== is.restart.kind) {
        this.#count(`restart: ${was.restart.kind} → ${is.restart.kind}`, true);
        story.tell(() => `    ${is.instanceId} restart ${was.restart.kind} → ${is.restart.kind}`);
      }
      this.restarts.changed(after, was, is, invocation);
    }
    this.claims.saved(before, after, invocation);
  }

  remembering(rolloutId: string, memories: readonly InstanceMemory[]): void {
    const { ecs, memories: store } = this.#world();
    for (const { instanceId, bound, readyAtMs } of memories) {
      if (bound === null || readyAtMs === null || this.tampered.has(instanceId)) continue;
      // Given back already, or gone: nothing is remembered any more.
      if (store.peek(instanceId)?.holder !== rolloutId || !ecs.exists(instanceId)) continue;
      const works = ecs.look(instanceId).effectiveKeyPairName;
      if (works === bound.name) continue;
      this.fail(`${rolloutId} remembers ${instanceId} as ready, but "${works}" logs in`);
    }
  }

  attaching(instanceIds: readonly string[]): void {
    const { memories } = this.#world();
    const free = instanceIds.find((id) => (memories.peek(id)?.holder ?? null) === null);
    if (free !== undefined) this.fail(`${free} is attached, though nobody holds it`);
  }

  /** After the long quiet: nothing may be left that does not say what it waits for. */
  judgeTheEnd(): void {
    for (const rollout of this.#world().rollouts.all()) {
      this.claims.judgeWaiting(rollout);
      this.results.judgeTheEnd(rollout);
    }
    this.history.judgeTheEnd();
    this.notices.judgeTheEnd();
  }

  #count(transition: string, happened: boolean): void {
    if (!happened) return;
    this.transitions.set(transition, (this.transitions.get(transition) ?? 0) + 1);
  }
}

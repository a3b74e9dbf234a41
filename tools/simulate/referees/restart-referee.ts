import type { InstanceId } from '../../../shared/domain/model/instance.ts';
import type { CallAnswer } from '../../../shared/domain/model/ports.ts';
import type { Restart, Rollout, RolloutInstance } from '../../../shared/domain/model/rollout.ts';
import type { Invocation } from '../world/invocation.ts';
import type { ClaimReferee } from './claim-referee.ts';
import type { HistoryReferee } from './history-referee.ts';
import { Judge } from './judge.ts';
import type { ModelCloud } from '../world/model-cloud.ts';

interface Attempt {
  readonly rolloutId: string;
  readonly instanceId: InstanceId;
  readonly attempt: number;
  readonly ownerId: string;
  hasTakenEffect: boolean;
  /** How the rollout saw it end; '' before that. */
  verdict: string;
}

/** One call, and the claims that it is for. */
export interface RestartCall {
  readonly how: Restart;
  readonly invocation: Invocation;
  readonly attempts: ReadonlyMap<InstanceId, Attempt>;
}

/** What the other referees are told, or know. */
interface Beside {
  readonly claims: ClaimReferee;
  readonly history: HistoryReferee;
  readonly tampered: ReadonlySet<InstanceId>;
}

/** Judges restarts: one for each rollout and instance, and none without a claim. */
export class RestartReferee extends Judge {
  readonly #beside: Beside;
  readonly #attempts = new Map<string, Attempt>();
  /** The latest claim that an invocation has saved, by invocation and instance. */
  readonly #claims = new Map<string, Attempt>();
  readonly #effective = new Map<string, number>();
  readonly #retries = new Map<string, number>();
  /** How often an operator has asked to retry each instance. */
  readonly #asked = new Map<string, number>();

  constructor(cloud: ModelCloud, beside: Beside, fail: (fault: string) => void) {
    super(cloud, fail);
    this.#beside = beside;
  }

  calling(invocation: Invocation, how: Restart, instanceIds: readonly InstanceId[]): RestartCall {
    const { memories } = this.cloud;
    const attempts = new Map<InstanceId, Attempt>();
    for (const instanceId of instanceIds) {
      const attempt = this.#claims.get(`${invocation.id} ${instanceId}`);
      if (attempt === undefined || attempt.verdict !== '') {
        this.fail(`${how} of ${instanceId} is called without a claim that was saved for it`);
        continue;
      }
      attempts.set(instanceId, attempt);
      const holder = memories.peek(instanceId)?.holder ?? null;
      if (holder === attempt.rolloutId) continue;
      this.fail(`${how} of ${instanceId} is called while ${holder ?? 'nobody'} holds it`);
    }
    return { how, invocation, attempts };
  }

  accepted(call: RestartCall, instanceId: InstanceId): void {
    const attempt = call.attempts.get(instanceId);
    if (attempt === undefined) return;
    const { rolloutId } = attempt;
    if (attempt.verdict !== '') {
      this.fail(`${instanceId} is restarted after it was given up as ${attempt.verdict}`);
    }
    attempt.hasTakenEffect = true;
    const key = `${rolloutId} ${instanceId}`;
    const count = (this.#effective.get(key) ?? 0) + 1;
    this.#effective.set(key, count);
    const permitted = 1 + (this.#retries.get(key) ?? 0);
    if (count > permitted) {
      this.fail(`${instanceId} is restarted ${count} times by one rollout, not ${permitted}`);
    }
    this.#beside.claims.accepted(rolloutId, instanceId, call.how);
  }

  answered(call: RestartCall, answer: CallAnswer): void {
    const done = answer.outcomes.filter(({ kind }) => kind === 'done');
    const ids = done.flatMap(({ instanceId }) => call.attempts.get(instanceId)?.rolloutId ?? []);
    for (const rolloutId of new Set(ids)) {
      this.#beside.history.answered(rolloutId, answer.requestId, call.invocation);
    }
  }

  /** An operator asks to retry these instances. */
  retryAsked(rolloutId: string, instanceIds: readonly InstanceId[]): void {
    for (const instanceId of instanceIds) bump(this.#asked, `${rolloutId} ${instanceId}`);
  }

  changed(
    rollout: Rollout,
    { restart: was }: RolloutInstance,
    { instanceId, attach, restart: is }: RolloutInstance,
    invocation: Invocation,
  ): void {
    const { rolloutId } = rollout;
    const key = `${rolloutId} ${instanceId}`;
    if (is.kind === 'claimed' && was.kind !== 'claimed') {
      const { attempt } = is;
      const claim = { rolloutId, instanceId, attempt, ownerId: invocation.id };
      const made = { ...claim, hasTakenEffect: false, verdict: '' };
      this.#attempts.set(`${key} ${attempt}`, made);
      this.#claims.set(`${invocation.id} ${instanceId}`, made);
      const isBound =
        attach.kind === 'attached' ||
        (attach.kind === 'skipped' && attach.reason === 'already-attached');
      if (!isBound) this.fail(`${instanceId} is claimed, but not bound: ${attach.kind}`);
      return;
    }
    if (was.kind === 'claimed' && is.kind !== 'claimed') {
      this.#settled(`${key} ${was.attempt}`, is);
    }
    if ((was.kind === 'unknown' || was.kind === 'failed') && is.kind === 'due') {
      bump(this.#retries, key);
      if ((this.#retries.get(key) ?? 0) > (this.#asked.get(key) ?? 0)) {
        this.fail(`${instanceId} is due again, though nobody asked to retry it`);
      }
    }
    if (is.kind === 'ready' && was.kind !== 'ready') this.#isReady(rollout, instanceId);
  }

  #settled(key: string, is: RolloutInstance['restart']): void {
    const attempt = this.#attempts.get(key);
    if (attempt === undefined) return;
    if (is.kind !== 'booting') attempt.verdict = is.kind;
    const { instanceId, hasTakenEffect } = attempt;
    if (!hasTakenEffect) return;
    const isReleased = is.kind === 'failed' && is.code === 'InstanceReleased';
    if (is.kind !== 'booting' && is.kind !== 'unknown' && !isReleased) {
      this.fail(`${instanceId} was restarted, and is saved as ${is.kind}`);
    }
  }

  /**
   * `ready` means that the key works when it is saved. It need not have worked when the last status
   * read was sent, because a call can take seconds.
   */
  #isReady(rollout: Rollout, instanceId: InstanceId): void {
    const { ecs } = this.cloud;
    if (this.#beside.tampered.has(instanceId) || !ecs.exists(instanceId)) return;
    const works = ecs.look(instanceId).effectiveKeyPairName;
    if (works === rollout.keyPair.name) return;
    this.fail(`${instanceId} is saved as ready, but "${works}" logs in`);
  }
}

function bump(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

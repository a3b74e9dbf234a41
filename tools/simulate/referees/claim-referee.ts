import type { InstanceId, Snapshot } from '../../../shared/domain/model/instance.ts';
import type { GateAnswer, GateQuestion, Stop } from '../../../shared/domain/model/ports.ts';
import type { Restart, Rollout, RolloutInstance } from '../../../shared/domain/model/rollout.ts';
import type { Invocation } from '../world/invocation.ts';
import { isOpenAt } from '../world/opening-hours.ts';
import type { OwnerReferee } from './owner-referee.ts';
import { Judge } from './judge.ts';
import type { ModelCloud } from '../world/model-cloud.ts';

/**
 * How old the stop may be that a claim has not seen: a read of 10 s, and saves that were refused in
 * between. Our own choice.
 */
const STALE_MS = 40_000;

/** What one invocation has read right before a wave. */
interface Known {
  stop?: { readonly value: Stop | null; readonly atMs: number };
  /** Rollouts whose health gate said `go`. One invocation may carry on several. */
  readonly gates: Set<string>;
  readonly groups: (readonly Snapshot[])[];
}

/** Judges which instances are claimed for a restart, and when. Independent of the code under test. */
export class ClaimReferee extends Judge {
  readonly #owners: OwnerReferee;
  readonly #known = new Map<string, Known>();
  /** The rollout that rebooted an instance last. An instance that it started was down already. */
  readonly #rebootedBy = new Map<InstanceId, string>();

  constructor(cloud: ModelCloud, owners: OwnerReferee, fail: (fault: string) => void) {
    super(cloud, fail);
    this.#owners = owners;
  }

  stopRead(invocation: Invocation, value: Stop | null): void {
    this.#of(invocation).stop = { value, atMs: this.cloud.scheduler.nowMs() };
  }

  /** When a rollout is asked about several times at once, one `go` is enough for its wave. */
  gateAnswered(invocation: Invocation, question: GateQuestion, { answer }: GateAnswer): void {
    if (question.phase !== 'before' || answer !== 'go') return;
    this.#of(invocation).gates.add(question.rolloutId);
  }

  groupsDescribed(invocation: Invocation, members: readonly Snapshot[]): void {
    this.#of(invocation).groups.push(members);
  }

  #of(invocation: Invocation): Known {
    const known = this.#known.get(invocation.id) ?? { gates: new Set(), groups: [] };
    this.#known.set(invocation.id, known);
    return known;
  }

  /** The cloud takes one more instance down. Judges whether that is one too many. */
  accepted(rolloutId: string, instanceId: InstanceId, how: Restart): void {
    if (how === 'start') {
      this.#rebootedBy.delete(instanceId);
      return;
    }
    this.#rebootedBy.set(instanceId, rolloutId);
    const rollout = this.cloud.rollouts.peek(rolloutId);
    if (rollout === undefined) return;
    const down = rollout.instances.filter((one) => this.#isDown(rolloutId, one.instanceId));
    const limit = limitOf(rollout);
    if (down.length <= limit) return;
    this.fail(`${down.length} are down with ${instanceId}, more than ${limit}`);
  }

  /** Whether an instance is down because of this rollout. */
  #isDown(rolloutId: string, instanceId: InstanceId): boolean {
    if (this.#rebootedBy.get(instanceId) !== rolloutId) return false;
    return this.cloud.ecs.isRestarting(instanceId);
  }

  saved(before: Rollout, after: Rollout, invocation: Invocation): void {
    const claimed = after.instances.filter(
      (one, index) =>
        one.restart.kind === 'claimed' && before.instances[index]!.restart.kind !== 'claimed',
    );
    if (claimed.length === 0) return;
    this.#judgeControl(before, after);
    this.#judgeTime(after, claimed);
    this.#owners.claimed(after, claimed, invocation);
    this.#judgeAnswers(after.rolloutId, invocation);
    this.#judgeLimit(after);
    this.#judgeWaves(before, after, claimed);
    if (after.request.groupBy !== null) this.#judgeGroups(after, claimed, invocation);
  }

  #judgeControl(before: Rollout, after: Rollout): void {
    for (const { control, approval } of [before, after]) {
      if (control.kind !== 'going') this.fail(`claimed although it is ${control.kind}`);
      if (approval !== null && approval.state !== 'approved') {
        this.fail(`claimed although the approval is ${approval.state}`);
      }
    }
    const failed = after.instances.filter(
      ({ restart }) =>
        restart.kind === 'unknown' || (restart.kind === 'failed' && restart.how === 'reboot'),
    );
    const { forgiven, request } = after;
    if (failed.length - forgiven >= request.haltAfterFailures) {
      this.fail(`claimed after ${failed.length} failures, of which ${forgiven} are forgiven`);
    }
    const canary = failed.find(({ wave }) => wave === 1);
    if (request.ramp !== 'none' && forgiven === 0 && canary !== undefined) {
      this.fail(`claimed although the canary ${canary.instanceId} failed`);
    }
  }

  /** A break-glass rollout waits for no window. */
  #judgeTime({ request }: Rollout, claimed: readonly RolloutInstance[]): void {
    const { schedule } = this.cloud;
    if (request.breakGlass !== null) return;
    for (const { instanceId, restart } of claimed) {
      if (restart.kind !== 'claimed' || isOpenAt(schedule, restart.atMs)) continue;
      this.fail(`${instanceId} is claimed outside the window`);
    }
  }

  #judgeAnswers(rolloutId: string, invocation: Invocation): void {
    const { stop, gates } = this.#of(invocation);
    const cloud = this.cloud;
    const nowMs = cloud.scheduler.nowMs();
    if (stop === undefined) this.fail('claimed without reading the global stop');
    else if (stop.value !== null) this.fail('claimed during a global stop');
    const stopped = cloud.stop.value;
    if (stopped !== null && nowMs - stopped.atMs > STALE_MS) {
      this.fail('claimed long after a global stop');
    }
    if (cloud.gate !== null && !gates.has(rolloutId)) {
      this.fail('claimed although the health gate does not say go');
    }
  }

  #judgeLimit(after: Rollout): void {
    const down = after.instances.filter(
      ({ instanceId, restart }) =>
        restart.kind === 'claimed' ||
        restart.kind === 'booting' ||
        this.#isDown(after.rolloutId, instanceId),
    );
    const limit = limitOf(after);
    if (down.length > limit) this.fail(`${down.length} are claimed or down, more than ${limit}`);
  }

  #judgeWaves(before: Rollout, after: Rollout, claimed: readonly RolloutInstance[]): void {
    const { request } = after;
    const { ramp, bakeSeconds } = request;
    for (const wave of new Set(claimed.map((one) => one.wave))) {
      const members = after.instances.filter((one) => one.wave === wave);
      const most = ramp === 'none' || (ramp === 'canary' && wave > 1) ? Infinity : 2 ** (wave - 1);
      if (wave < 1 || members.length > most) {
        this.fail(`wave ${wave} has ${members.length} instances, more than ${most}`);
      }
      if (new Set(members.map(({ zoneId }) => zoneId)).size > 1) {
        this.fail(`wave ${wave} is in two zones`);
      }
      const isFirst = !before.instances.some((one) => one.wave === wave);
      if (!isFirst) continue;
      for (const earlier of before.instances) {
        if (earlier.wave === 0 || earlier.wave >= wave) continue;
        const { kind } = earlier.restart;
        const isLeft = request.breakGlass !== null && this.#owners.isLeftForWindow(earlier);
        if (!isLeft && (kind === 'due' || kind === 'claimed' || kind === 'booting')) {
          this.fail(
            `wave ${wave} starts while ${earlier.instanceId} of an earlier wave is ${kind}`,
          );
        }
        if (earlier.restart.kind !== 'ready' || earlier.wave !== wave - 1) continue;
        const bakedAtMs = earlier.restart.atMs + bakeSeconds * 1_000;
        const atMs = Math.min(
          ...claimed.map(({ restart }) => (restart.kind === 'claimed' ? restart.atMs : Infinity)),
        );
        if (atMs < bakedAtMs) this.fail(`wave ${wave} starts before the bake time is over`);
      }
    }
  }

  #judgeGroups(after: Rollout, claimed: readonly RolloutInstance[], invocation: Invocation): void {
    for (const group of new Set(claimed.map((one) => one.group))) {
      if (group === '') continue;
      // Several rollouts of one invocation may have read the group. Any of these reads will do.
      const looks = this.#of(invocation).groups.map((members) =>
        members.filter(({ tags }) => tags[after.request.groupBy!] === group),
      );
      const troubles = looks.map((members) => whyTooMany(after, claimed, group, members));
      if (troubles.includes('')) continue;
      this.fail(troubles[0] ?? `claimed in group ${group} without reading the group`);
    }
  }

  /** At the end, a rollout that is not done must wait for something, and what it waits for must be true. */
  judgeWaiting(rollout: Rollout): void {
    const { rollouts, scheduler } = this.cloud;
    const { rolloutId, phase } = rollout;
    if (phase === 'done') {
      if (rollouts.isListed(rolloutId)) this.fail(`${rolloutId} is done, and still listed`);
      return;
    }
    if (!rollouts.isListed(rolloutId))
      this.fail(`${rolloutId} is lost: the timer does not find it`);
    const trouble = this.#whyNotWaiting(rollout, scheduler.nowMs());
    if (trouble !== '') this.fail(`${rolloutId} stands still: ${trouble}`);
    // Before the approval, instances may be in any state.
    if (rollout.approval?.state === 'waiting') return;
    for (const { instanceId, attach, restart } of rollout.instances) {
      const attachStands =
        attach.kind === 'due' ||
        attach.kind === 'unknown' ||
        (attach.kind === 'waiting' && attach.reason !== 'wave' && attach.reason !== 'approval');
      if (attachStands) this.fail(`${instanceId} stands still: attach ${attach.kind}`);
      if (restart.kind === 'claimed' || restart.kind === 'booting') {
        this.fail(`${instanceId} stands still: restart ${restart.kind}`);
      }
    }
  }

  #whyNotWaiting(rollout: Rollout, nowMs: number): string {
    const { schedule, stop, gate, ecs } = this.cloud;
    const { waitingFor, control, approval, request, instances } = rollout;
    const unless = (isTrue: boolean) =>
      isTrue ? '' : `it waits for "${waitingFor}", which is not the case`;
    switch (waitingFor) {
      case '':
      case 'bake':
      case 'unavailable':
        return `waiting for "${waitingFor}"`;
      case 'approval':
        return unless(approval?.state === 'waiting' && approval.untilMs > nowMs - 120_000);
      case 'paused':
      case 'halted':
        return unless(control.kind === waitingFor);
      case 'stopped':
        return unless(stop.value !== null);
      case 'window':
      case 'freeze': {
        const isClosed = !isOpenAt(schedule, nowMs) || !isOpenAt(schedule, nowMs - 120_000);
        const isHeld =
          request.breakGlass === null || instances.some((one) => this.#owners.isLeftForWindow(one));
        return unless(isClosed && isHeld);
      }
      case 'gate':
        return unless(gate !== null && gate.isHolding(nowMs - 120_000));
      case 'budget':
        return unless(
          instances.some(
            ({ instanceId }) => ecs.exists(instanceId) && ecs.look(instanceId).status !== 'Running',
          ),
        );
      case 'group':
        return unless(ecs.anyDown());
    }
  }
}

/** @param total how many instances the limit is a part of: those that the rollout restarts */
function limitOf(
  { request, instances }: Rollout,
  total = instances.filter(({ restart }) => restart.kind !== 'none').length,
): number {
  const match = /^(\d+)(%?)$/.exec(request.maxUnavailable);
  const number = Number(match?.[1]);
  return Math.max(1, match?.[2] === '%' ? Math.floor((number * total) / 100) : number);
}

/** '' when the group stays within its limit. */
function whyTooMany(
  after: Rollout,
  claimed: readonly RolloutInstance[],
  group: string,
  members: readonly Snapshot[],
): string {
  const gone = new Set<InstanceId>(
    members.filter(({ status }) => status !== 'Running').map(({ instanceId }) => instanceId),
  );
  for (const one of after.instances) {
    const { kind } = one.restart;
    const isUnderWay = kind === 'claimed' || kind === 'booting';
    if (one.group === group && isUnderWay && !claimed.includes(one)) gone.add(one.instanceId);
  }
  const more = claimed.filter((one) => one.group === group && !gone.has(one.instanceId));
  const limit = limitOf(after, members.length);
  if (more.length === 0 || gone.size + more.length <= limit) return '';
  return `${gone.size} and ${more.length} more of group ${group} go: more than ${limit}`;
}

import type { InstanceId, Snapshot } from '../../shared/domain/model/instance.ts';
import type { GateAnswer, GateQuestion, Stop } from '../../shared/domain/model/ports.ts';
import type { Restart, Rollout, RolloutInstance } from '../../shared/domain/model/rollout.ts';
import type { Invocation } from './invocation.ts';
import { isOpenAt } from './opening-hours.ts';
import type { World } from './world.ts';

/**
 * How old the answer may be with which a wave is claimed: a read of 10 s, and the saves that lost
 * against others in between. Our own choice.
 */
const STALE_MS = 40_000;

/** What one invocation has asked right before a wave. */
interface Known {
  stop?: { readonly value: Stop | null; readonly atMs: number };
  /** Rollouts whose wave may go: one invocation may carry on several. */
  readonly gates: Set<string>;
  readonly groups: (readonly Snapshot[])[];
}

/** Who may be claimed for a restart, and when. Written anew, from the issue and not from the code. */
export class ClaimReferee {
  readonly #world: () => World;
  readonly #fail: (fault: string) => void;
  readonly #known = new Map<string, Known>();
  /** The rollout that has rebooted an instance last. What it started was down before. */
  readonly #rebootedBy = new Map<InstanceId, string>();

  constructor(world: () => World, fail: (fault: string) => void) {
    this.#world = world;
    this.#fail = fail;
  }

  stopRead(invocation: Invocation, value: Stop | null): void {
    this.#of(invocation).stop = { value, atMs: this.#world().scheduler.nowMs() };
  }

  /** Of several questions about one rollout at once, a wave may go by any that was answered `go`. */
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

  /** The cloud has really taken one more down: is it one too many? */
  accepted(rolloutId: string, instanceId: InstanceId, how: Restart): void {
    if (how === 'start') {
      this.#rebootedBy.delete(instanceId);
      return;
    }
    this.#rebootedBy.set(instanceId, rolloutId);
    const rollout = this.#world().rollouts.peek(rolloutId);
    if (rollout === undefined) return;
    const down = rollout.instances.filter((one) => this.#isDown(rolloutId, one.instanceId));
    const limit = limitOf(rollout, restartable(rollout));
    if (down.length <= limit) return;
    this.#fail(`${down.length} are down with ${instanceId}, more than ${limit}`);
  }

  /** Down, and by the doing of this very rollout. */
  #isDown(rolloutId: string, instanceId: InstanceId): boolean {
    if (this.#rebootedBy.get(instanceId) !== rolloutId) return false;
    return this.#world().ecs.isRestarting(instanceId);
  }

  saved(before: Rollout, after: Rollout, invocation: Invocation): void {
    const claimed = after.instances.filter(
      (one, index) =>
        one.restart.kind === 'claimed' && before.instances[index]!.restart.kind !== 'claimed',
    );
    if (claimed.length === 0) return;
    this.#judgeControl(before, after);
    this.#judgeTime(after, claimed);
    this.#world().referee.owners.claimed(after, claimed, invocation);
    this.#judgeAnswers(after.rolloutId, invocation);
    this.#judgeLimit(after);
    this.#judgeWaves(before, after, claimed);
    if (after.request.groupBy !== null) this.#judgeGroups(after, claimed, invocation);
  }

  #judgeControl(before: Rollout, after: Rollout): void {
    for (const { control, approval } of [before, after]) {
      if (control.kind !== 'going') this.#fail(`claimed although it is ${control.kind}`);
      if (approval !== null && approval.state !== 'approved') {
        this.#fail(`claimed although the approval is ${approval.state}`);
      }
    }
    const failed = after.instances.filter(
      ({ restart }) =>
        restart.kind === 'unknown' || (restart.kind === 'failed' && restart.how === 'reboot'),
    );
    const { forgiven, request } = after;
    if (failed.length - forgiven >= request.haltAfterFailures) {
      this.#fail(`claimed after ${failed.length} failures, of which ${forgiven} are forgiven`);
    }
    const canary = failed.find(({ wave }) => wave === 1);
    if (request.ramp !== 'none' && forgiven === 0 && canary !== undefined) {
      this.#fail(`claimed although the canary ${canary.instanceId} failed`);
    }
  }

  /** Whoever breaks the glass waits for no window. */
  #judgeTime({ request }: Rollout, claimed: readonly RolloutInstance[]): void {
    const { schedule } = this.#world();
    if (request.breakGlass !== null) return;
    for (const { instanceId, restart } of claimed) {
      if (restart.kind !== 'claimed' || isOpenAt(schedule, restart.atMs)) continue;
      this.#fail(`${instanceId} is claimed outside the window`);
    }
  }

  #judgeAnswers(rolloutId: string, invocation: Invocation): void {
    const { stop, gates } = this.#of(invocation);
    const world = this.#world();
    const nowMs = world.scheduler.nowMs();
    if (stop === undefined) this.#fail('claimed without a look at the global stop');
    else if (stop.value !== null) this.#fail('claimed although all is stopped');
    const stopped = world.stop.value;
    if (stopped !== null && nowMs - stopped.atMs > STALE_MS) {
      this.#fail('claimed although all has long been stopped');
    }
    if (world.gate !== null && !gates.has(rolloutId)) {
      this.#fail('claimed although the health gate does not say go');
    }
  }

  #judgeLimit(after: Rollout): void {
    const down = after.instances.filter(
      ({ instanceId, restart }) =>
        restart.kind === 'claimed' ||
        restart.kind === 'booting' ||
        this.#isDown(after.rolloutId, instanceId),
    );
    const limit = limitOf(after, restartable(after));
    if (down.length > limit) this.#fail(`${down.length} are claimed or down, more than ${limit}`);
  }

  #judgeWaves(before: Rollout, after: Rollout, claimed: readonly RolloutInstance[]): void {
    const { request } = after;
    const { ramp, bakeSeconds } = request;
    const { owners } = this.#world().referee;
    for (const wave of new Set(claimed.map((one) => one.wave))) {
      const members = after.instances.filter((one) => one.wave === wave);
      const most = ramp === 'none' || (ramp === 'canary' && wave > 1) ? Infinity : 2 ** (wave - 1);
      if (wave < 1 || members.length > most) {
        this.#fail(`wave ${wave} has ${members.length} instances, more than ${most}`);
      }
      if (new Set(members.map(({ zoneId }) => zoneId)).size > 1) {
        this.#fail(`wave ${wave} is in two zones`);
      }
      const isFirst = !before.instances.some((one) => one.wave === wave);
      if (!isFirst) continue;
      for (const earlier of before.instances) {
        if (earlier.wave === 0 || earlier.wave >= wave) continue;
        const { kind } = earlier.restart;
        const isLeft = request.breakGlass !== null && owners.isLeftForWindow(earlier);
        if (!isLeft && (kind === 'due' || kind === 'claimed' || kind === 'booting')) {
          this.#fail(`wave ${wave} starts while ${earlier.instanceId} of another is ${kind}`);
        }
        if (earlier.restart.kind !== 'ready' || earlier.wave !== wave - 1) continue;
        const bakedAtMs = earlier.restart.atMs + bakeSeconds * 1_000;
        const atMs = Math.min(
          ...claimed.map(({ restart }) => (restart.kind === 'claimed' ? restart.atMs : Infinity)),
        );
        if (atMs < bakedAtMs) this.#fail(`wave ${wave} starts before the bake time is over`);
      }
    }
  }

  #judgeGroups(after: Rollout, claimed: readonly RolloutInstance[], invocation: Invocation): void {
    for (const group of new Set(claimed.map((one) => one.group))) {
      if (group === '') continue;
      // Of several looks, by several rollouts in one invocation, it may have gone by any.
      const looks = this.#of(invocation).groups.map((members) =>
        members.filter(({ tags }) => tags[after.request.groupBy!] === group),
      );
      const troubles = looks.map((members) => whyTooMany(after, claimed, group, members));
      if (troubles.includes('')) continue;
      this.#fail(troubles[0] ?? `claimed in group ${group} without a look at it`);
    }
  }

  /** At the end, whatever is not done must wait for something that can be named, and is so. */
  judgeWaiting(rollout: Rollout): void {
    const { rollouts, scheduler } = this.#world();
    const { rolloutId, phase } = rollout;
    if (phase === 'done') {
      if (rollouts.isListed(rolloutId)) this.#fail(`${rolloutId} is done, and still listed`);
      return;
    }
    if (!rollouts.isListed(rolloutId)) this.#fail(`${rolloutId} is lost: no timer finds it`);
    const trouble = this.#whyNotWaiting(rollout, scheduler.nowMs());
    if (trouble !== '') this.#fail(`${rolloutId} stands still: ${trouble}`);
    // Whatever it is, it waits for the approval first.
    if (rollout.approval?.state === 'waiting') return;
    for (const { instanceId, attach, restart } of rollout.instances) {
      const attachStands =
        attach.kind === 'due' ||
        attach.kind === 'unknown' ||
        (attach.kind === 'waiting' && attach.reason !== 'wave' && attach.reason !== 'approval');
      if (attachStands) this.#fail(`${instanceId} stands still: attach ${attach.kind}`);
      if (restart.kind === 'claimed' || restart.kind === 'booting') {
        this.#fail(`${instanceId} stands still: restart ${restart.kind}`);
      }
    }
  }

  #whyNotWaiting(rollout: Rollout, nowMs: number): string {
    const { schedule, stop, gate, ecs, referee } = this.#world();
    const { waitingFor, control, approval, request, instances } = rollout;
    const unless = (isTrue: boolean) => (isTrue ? '' : `"${waitingFor}" is not so`);
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
          request.breakGlass === null ||
          instances.some((one) => referee.owners.isLeftForWindow(one));
        return unless(isClosed && isHeld);
      }
      case 'gate':
        return unless(gate !== null && gate.isHolding(nowMs - 120_000));
      case 'budget':
        return unless(
          rollout.instances.some(
            ({ instanceId }) => ecs.exists(instanceId) && ecs.look(instanceId).status !== 'Running',
          ),
        );
      case 'group':
        return unless(ecs.anyDown());
    }
  }
}

function restartable({ instances }: Rollout): number {
  return instances.filter(({ restart }) => restart.kind !== 'none').length;
}

function limitOf({ request }: Rollout, total: number): number {
  const match = /^(\d+)(%?)$/.exec(request.maxUnavailable);
  const number = Number(match?.[1]);
  return Math.max(1, match?.[2] === '%' ? Math.floor((number * total) / 100) : number);
}

/** '' when the group bears it. */
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

import type { Wish } from '../../../shared/domain/model/command.ts';
import type { Rollout } from '../../../shared/domain/model/rollout.ts';
import type { Who } from './clients.ts';
import type { Invocation } from './invocation.ts';
import type { Post } from './platform.ts';
import { few } from './story.ts';
import type { World } from './world.ts';

const MAX_TRIES = 8;
const ANOTHER_DIGEST = `sha256:${'0'.repeat(64)}`;

/**
 * A client that retries until it is answered, as Standard Webhooks asks for, and sometimes sends twice.
 *
 * @param onEnd called once, also when the client gives up
 */
export function sendUntilAnswered(world: World, request: Post, onEnd: () => void): void {
  const { platform, scheduler, random, story } = world;
  const { path, body, id, who } = request;
  let isAnswered = false;
  world.sending.add(id);
  const send = (tries: number) => {
    story.tell(() => `client ${who} sends ${id} to ${path}: ${JSON.stringify(body)}`);
    platform.post(request, (end) => {
      if (isAnswered) return;
      const { statusCode = 500 } = end.kind === 'answered' ? end.value : {};
      story.tell(() => `client is told ${statusCode} for ${id}`);
      if ((statusCode >= 500 || statusCode === 429) && tries < MAX_TRIES) {
        scheduler.after(random.between(1_000, 90_000), () => send(tries + 1));
        return;
      }
      isAnswered = true;
      world.sending.delete(id);
      onEnd();
    });
  };
  send(1);
  if (random.chance(world.weather().twice)) {
    scheduler.after(random.between(0, 2_000), () => send(MAX_TRIES));
  }
}

/** A person presses a button, which may or may not make sense. */
export function pressSomething(world: World): void {
  const { random, rollouts, stop } = world;
  if (random.chance(0.15)) {
    if (stop.value !== null) letGo(world);
    else command(world, '/stop', { action: 'stop', reason: 'the simulation' });
    return;
  }
  const all = rollouts.all();
  if (all.length === 0) return;
  const rollout = random.pick(all);
  press(world, rollout, drawWish(world, rollout), random.pick(PRESSING));
}

/** Who presses buttons. Those who may approve do so more often. */
const PRESSING: readonly Who[] = [
  'asker',
  'careful',
  'twin',
  'operator',
  'operator',
  'alias',
  'second',
];

function letGo(world: World): void {
  command(world, '/go', { action: 'go' });
}

function command(world: World, path: string, body: object, who: Who = 'operator'): void {
  sendUntilAnswered(world, { path, body, id: nextId(world), who }, () => {});
}

/** An id that nobody else uses. */
function nextId({ random }: World): string {
  return `cmd_${random.between(0, Number.MAX_SAFE_INTEGER)}`;
}

function press(world: World, rollout: Rollout, wish: Wish, who: Who = 'operator'): void {
  const { referee, story } = world;
  const { rolloutId } = rollout;
  if (wish.kind === 'approve') referee.approvals.pressed(rollout, wish.planDigest, who);
  if (wish.kind === 'resolve' && wish.as === 'retry') {
    referee.restarts.retryAsked(rolloutId, wish.instanceIds);
  }
  story.tell(() => {
    const whom = wish.kind === 'resolve' ? ` ${wish.as} ${few(wish.instanceIds)}` : '';
    return `${who} presses ${wish.kind}${whom} for ${rolloutId.slice(0, 8)}`;
  });
  const { kind: action, ...fields } = wish;
  command(world, `/rollouts/${rolloutId}/${action}`, { rolloutId, action, ...fields }, who);
}

function drawWish({ random }: World, rollout: Rollout): Wish {
  const { planDigest } = rollout;
  const unsettled = unsettledOf(rollout);
  if (unsettled.length > 0 && random.chance(0.5)) {
    const chosen = random.some(unsettled, 0.7);
    const instanceIds = chosen.length > 0 ? chosen : unsettled;
    return { kind: 'resolve', as: random.chance(0.7) ? 'retry' : 'skip', instanceIds };
  }
  return random.pick<Wish>([
    { kind: 'pause' },
    { kind: 'pause' },
    { kind: 'resume' },
    { kind: 'resume' },
    { kind: 'resume' },
    { kind: 'abort' },
    { kind: 'approve', planDigest: random.chance(0.5) ? planDigest : ANOTHER_DIGEST },
    { kind: 'approve', planDigest },
    { kind: 'deny' },
    { kind: 'resolve', as: 'retry', instanceIds: [rollout.instances[0]!.instanceId] },
  ]);
}

function unsettledOf({ instances }: Rollout): string[] {
  return instances
    .filter(({ restart }) => restart.kind === 'failed' || restart.kind === 'unknown')
    .map(({ instanceId }) => instanceId);
}

/** A person who looks in from time to time, and brings every rollout to its end. */
export function cleanUp(world: World): void {
  const { rollouts, stop, random } = world;
  if (stop.value !== null) letGo(world);
  for (const rollout of rollouts.all()) {
    const { control, approval, planDigest } = rollout;
    if (approval?.state === 'waiting') {
      for (const who of ['operator', 'second'] as const) {
        press(world, rollout, { kind: 'approve', planDigest }, who);
      }
    }
    if (control.kind === 'paused') press(world, rollout, { kind: 'resume' });
    if (control.kind === 'halted') {
      press(world, rollout, { kind: random.chance(0.8) ? 'resume' : 'abort' });
    }
    const instanceIds = unsettledOf(rollout);
    if (instanceIds.length > 0 && random.chance(0.3)) {
      const as = random.chance(0.5) ? 'retry' : 'skip';
      press(world, rollout, { kind: 'resolve', as, instanceIds });
    }
  }
}

/**
 * What happens right after a rollout was created: an instance may be released before the approval, the
 * wrong people may approve, and the invocation may die when the key pair is about to be revoked.
 */
export function reactToNew(world: World, rollout: Rollout, invocation: Invocation): void {
  const { random, scheduler, weather, ecs, policy } = world;
  const isToBeRevoked = policy.isRevoked(rollout.keyPair.name, Number.POSITIVE_INFINITY);
  if (isToBeRevoked && weather().crash > 0 && random.chance(0.3)) {
    scheduler.after(random.between(0, 1_000), () => invocation.kill());
  }
  const { approval, planDigest, instances } = rollout;
  if (approval === null || !random.chance(weather().nerves)) return;
  if (random.chance(0.5)) {
    const { instanceId } = random.pick(instances);
    scheduler.after(random.between(0, 60_000), () => ecs.release(instanceId));
  }
  for (const who of random.some(PRESSING, 0.5)) {
    scheduler.after(random.between(1_000, 90_000), () => {
      press(world, rollout, { kind: 'approve', planDigest }, who);
    });
  }
}

/** The worst moments are short. A person presses a button, or breaks something, in just these. */
export function reactTo(world: World, before: Rollout, after: Rollout): void {
  const { random, scheduler, weather, ecs } = world;
  // Not any more once it is calm.
  if (weather().nerves === 0) return;
  const soon = (withinMs: number, happen: () => void) =>
    scheduler.after(random.between(0, withinMs), happen);
  if (after.phase !== before.phase && after.phase !== 'open') {
    const instanceIds = unsettledOf(after);
    if (instanceIds.length > 0 && random.chance(weather().nerves)) {
      soon(500, () => press(world, after, { kind: 'resolve', as: 'retry', instanceIds }));
    }
  }
  if (after.held && !before.held) {
    for (const other of world.rollouts.all()) {
      const instanceIds = unsettledOf(other);
      if (other.phase !== 'done' || instanceIds.length === 0) continue;
      soon(5_000, () => press(world, other, { kind: 'resolve', as: 'retry', instanceIds }));
    }
  }
  const isAttaching = after.instances.some(({ attach }) => attach.kind === 'due');
  if (isAttaching && random.chance(weather().nerves / 10)) {
    soon(100, () => press(world, after, { kind: 'abort' }));
  }
  for (const [index, { instanceId, restart, attach }] of after.instances.entries()) {
    const was = before.instances[index]!;
    const isNew = restart.kind === 'ready' && was.restart.kind !== 'ready';
    if (isNew && random.chance(weather().nerves / 10)) {
      soon(30_000, () => ecs.operate(instanceId, 'stop'));
    }
    const isCalled = attach.kind === 'due' && was.attach.kind !== 'due';
    if (isCalled && random.chance(weather().nerves / 40)) {
      soon(100, () => ecs.release(instanceId));
    }
    const isOpen = attach.kind === 'unknown' && was.attach.kind !== 'unknown';
    if (isOpen && random.chance(weather().nerves / 4)) {
      soon(4_000, () => ecs.release(instanceId));
    }
  }
}

/** Somebody who knows nothing of Latchkey changes an instance. */
export function meddle(world: World, instanceIds: readonly string[]): void {
  const { random, ecs, referee, story } = world;
  const instanceId = random.pick(instanceIds);
  if (!ecs.exists(instanceId)) return;
  const operate = (action: Parameters<typeof ecs.operate>[1]) => () =>
    ecs.operate(instanceId, action);
  const change = (to: Parameters<typeof ecs.change>[1]) => ecs.change(instanceId, to);
  const [action, act] = random.pick<[string, () => void]>([
    ['release', () => ecs.release(instanceId)],
    ['stop', operate('stop')],
    ['stop', operate('stop')],
    ['start', operate('start')],
    ['reboot', operate('reboot')],
    ['reboot', operate('reboot')],
    ['bind', () => change({ keyPairName: random.pick(['other', 'new', null]) })],
    ['lock', () => change({ isLocked: true })],
    ['sell out', () => change({ isOutOfStock: true })],
  ]);
  story.tell(() => `somebody else: ${action} ${instanceId}`);
  if (action === 'bind') referee.tampered.add(instanceId);
  act();
}

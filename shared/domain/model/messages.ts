import type { Launch } from './launch.ts';
import type { OutMessage } from './ports.ts';
import { type Rollout, type RolloutInstance, wantedKeyPair } from './rollout.ts';

/** Longest delay of a message: 7 days, https://help.aliyun.com/document_detail/128343.html */
const MAX_DELAY_SECONDS = 604_800;

/** Wakes a rollout up, not before `atMs`. */
export function wakeMessage(rolloutId: string, atMs: number, nowMs: number): OutMessage {
  const body = JSON.stringify({ schema: 'latchkey.wake/1', rolloutId });
  return { body, delaySeconds: delayUntil(atMs, nowMs) };
}

/** Whole seconds, rounded up; none for what is past. */
export function delayUntil(atMs: number, nowMs: number): number {
  return Math.min(MAX_DELAY_SECONDS, Math.max(0, Math.ceil((atMs - nowMs) / 1_000)));
}

/** One instance that was launched, as one event told of it. */
export function launchMessage(launch: Launch): OutMessage {
  return { body: JSON.stringify({ schema: 'latchkey.launch/1', ...launch }), delaySeconds: 0 };
}

/** Most bytes of launches in one message: in base64 they fit into the 64 KB that a queue takes. */
const MAX_GATHERED_BYTES = 44_000;

/** Launches that wait, in as few messages as can be, not before `atMs`. */
export function gatheredMessages(
  launches: readonly Launch[],
  atMs: number,
  nowMs: number,
): OutMessage[] {
  const delaySeconds = delayUntil(atMs, nowMs);
  const packed: Launch[][] = [];
  let bytes = Infinity;
  for (const launch of launches) {
    const more = new TextEncoder().encode(JSON.stringify(launch)).length + 1;
    if (bytes + more > MAX_GATHERED_BYTES) {
      packed.push([]);
      bytes = 0;
    }
    packed.at(-1)!.push(launch);
    bytes += more;
  }
  return packed.map((some) => ({
    body: JSON.stringify({ schema: 'latchkey.launches/1', launches: some }),
    delaySeconds,
  }));
}

/** What became of one instance (design.md §6.2); to `restart` it is a wake-up like any other. */
export function resultMessage(rollout: Rollout, instance: RolloutInstance): OutMessage {
  const { attach, restart } = instance;
  const body = {
    schema: 'latchkey.result/1',
    rolloutId: rollout.rolloutId,
    regionId: rollout.request.regionId,
    keyPairName: wantedKeyPair(rollout, instance)?.name ?? null,
    instanceId: instance.instanceId,
    outcome: outcomeOf(instance),
    next: restart.kind === 'none' ? 'none' : restart.how,
    ...(attach.kind === 'attached' ? { attachedAtMs: attach.atMs } : {}),
  };
  return { body: JSON.stringify(body), delaySeconds: 0 };
}

function outcomeOf({ attach, previousKeyPairName }: RolloutInstance): Record<string, unknown> {
  switch (attach.kind) {
    case 'attached':
      return { kind: 'attached', previousKeyPairName };
    case 'failed':
      return { kind: 'failed', code: attach.code, message: attach.message };
    case 'skipped':
      return { kind: 'skipped', reason: attach.reason };
    case 'unknown':
      return { kind: 'unknown', code: attach.code };
    case 'waiting':
      return { kind: 'waiting', reason: attach.reason, untilMs: attach.untilMs };
    case 'due':
      return { kind: 'waiting', reason: 'due' };
  }
}

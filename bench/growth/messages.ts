import { aWorld } from '../../test/models/world.ts';

/**
 * How many messages one rollout of this many instances sends. It runs over the models in virtual time,
 * so the number is always the same.
 */
export async function messagesOf(instances: number): Promise<number> {
  const snapshots = Array.from({ length: instances }, (_, n) => ({ instanceId: `i-${n}` }));
  const world = aWorld(snapshots);
  const answer = await world.ask();
  if (answer.kind !== 'rollout') throw new Error(`Cannot count messages: ${answer.kind}`);
  await world.settle();
  const { rolloutId } = answer.rollout;
  const unready = (await world.rollout(rolloutId)).instances.filter(
    ({ restart }) => restart?.kind !== 'ready',
  );
  if (unready.length > 0) throw new Error(`Cannot count messages: ${unready.length} not ready`);
  return world.queue.sent.length;
}

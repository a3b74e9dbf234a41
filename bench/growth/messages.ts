import { aWorld } from '../../test/models/world.ts';

/**
 * Messages that one rollout of so many instances sends, results and wake-ups: over the models, in time
 * that only moves when nothing is left to do, so that the number is the same whenever it is counted.
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

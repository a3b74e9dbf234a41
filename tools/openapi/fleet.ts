import type { Snapshot } from '../../shared/domain/model/instance.ts';
import { aSnapshot } from '../../test/models/builders.ts';

/** What the examples speak of. */
export const WEB = ['i-bp1sample00000000001', 'i-bp1sample00000000002', 'i-bp1sample00000000003'];
export const ID = {
  batch: 'i-bp1sample00000000011',
  keptBack: 'i-bp1sample00000000012',
  single: 'i-bp1sample00000000013',
  stuck: 'i-bp1sample00000000014',
  behindIt: 'i-bp1sample00000000017',
  small: 'i-bp1sample00000000015',
  urgent: 'i-bp1sample00000000016',
  office: 'i-bp1sample00000000021',
  nobody: 'i-bp1sample00000000099',
};

export function exampleFleet(): Snapshot[] {
  return [
    ...WEB.map((id, n) => instance(id, `web-${n + 1}`, { tags: { team: 'web' } })),
    instance(ID.batch, 'batch-1', { status: 'Stopped', keyPairName: null }),
    instance(ID.keptBack, 'kept-back', { tags: { 'latchkey:restart': 'never' } }),
    instance(ID.single, 'single', { keyPairName: null }),
    instance(ID.stuck, 'stuck'),
    instance(ID.behindIt, 'behind-it'),
    instance(ID.small, 'small'),
    instance(ID.urgent, 'urgent'),
    instance(ID.office, 'office', { osType: 'windows', keyPairName: null }),
  ];
}

function instance(instanceId: string, name: string, over: Partial<Snapshot> = {}): Snapshot {
  return aSnapshot({ instanceId, name, keyPairName: 'ops-2025', ...over });
}

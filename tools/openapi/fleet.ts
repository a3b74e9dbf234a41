import type { Snapshot } from '../../shared/domain/model/instance.ts';

/** What the examples speak of. */
export const WEB = ['i-bp1sample00000000001', 'i-bp1sample00000000002', 'i-bp1sample00000000003'];
export const BATCH = 'i-bp1sample00000000011';
export const KEPT_BACK = 'i-bp1sample00000000012';
export const SINGLE = 'i-bp1sample00000000013';
export const STUCK = 'i-bp1sample00000000014';
export const BEHIND_IT = 'i-bp1sample00000000017';
export const SMALL = 'i-bp1sample00000000015';
export const URGENT = 'i-bp1sample00000000016';
export const OFFICE = 'i-bp1sample00000000021';
export const NOBODY = 'i-bp1sample00000000099';

const COMMON: Omit<Snapshot, 'instanceId' | 'name'> = {
  status: 'Running',
  zoneId: 'cn-hangzhou-h',
  vpcId: 'vpc-bp1sample',
  resourceGroupId: 'rg-sample',
  osType: 'linux',
  ioOptimized: true,
  keyPairName: 'ops-2025',
  locks: [],
  tags: {},
  imageId: 'm-bp1sample',
  createdAtMs: Date.parse('2026-09-01T00:00:00Z'),
};

export function exampleFleet(): Snapshot[] {
  const web = WEB.map((instanceId, n) => {
    return { ...COMMON, instanceId, name: `web-${n + 1}`, tags: { team: 'web' } };
  });
  return [
    ...web,
    { ...COMMON, instanceId: BATCH, name: 'batch-1', status: 'Stopped', keyPairName: null },
    { ...COMMON, instanceId: KEPT_BACK, name: 'kept-back', tags: { 'latchkey:restart': 'never' } },
    { ...COMMON, instanceId: SINGLE, name: 'single', keyPairName: null },
    { ...COMMON, instanceId: STUCK, name: 'stuck' },
    { ...COMMON, instanceId: BEHIND_IT, name: 'behind-it' },
    { ...COMMON, instanceId: SMALL, name: 'small' },
    { ...COMMON, instanceId: URGENT, name: 'urgent' },
    { ...COMMON, instanceId: OFFICE, name: 'office', osType: 'windows', keyPairName: null },
  ];
}

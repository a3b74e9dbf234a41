import { randomUUID } from 'node:crypto';
import type { EcsCloud } from '../cloud.ts';
import { DEFAULT_VPC_ID } from '../launch/launch.ts';
import {
  type Instance,
  type InstanceStatus,
  LOCK_REASONS,
  type LockReason,
  STATUSES,
  STOPPED_MODES,
  type StoppedMode,
} from '../model/instance.ts';
import { SeedFields } from './seed-check.ts';

/** Most instances of one entry: our own choice. */
const MAX_COUNT = 10_000;

export interface InstanceSeed {
  /** How many such instances. Default 1. */
  readonly count?: number;
  readonly instanceId?: string;
  /** With a count, `web` makes web-001, web-002, … */
  readonly name?: string;
  readonly status?: InstanceStatus;
  readonly osType?: 'linux' | 'windows';
  readonly ioOptimized?: boolean;
  /** Bound. */
  readonly keyPairName?: string | null;
  /** Default: the bound one; none for an instance that was never booted. */
  readonly effectiveKeyPairName?: string | null;
  readonly locks?: readonly LockReason[];
  readonly stoppedMode?: StoppedMode;
  /** False: a start from the economical mode fails with OperationDenied.NoStock. */
  readonly stock?: boolean;
  readonly zoneId?: string;
  /** Assigned to the instances in turn. */
  readonly zones?: readonly string[];
  readonly vpcId?: string;
  readonly resourceGroupId?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly imageId?: string;
  /** True: it can be neither started nor rebooted. */
  readonly expired?: boolean;
}

const INSTANCE_FIELDS: readonly (keyof InstanceSeed)[] = [
  'count',
  'instanceId',
  'name',
  'status',
  'osType',
  'ioOptimized',
  'keyPairName',
  'effectiveKeyPairName',
  'locks',
  'stoppedMode',
  'stock',
  'zoneId',
  'zones',
  'vpcId',
  'resourceGroupId',
  'tags',
  'imageId',
  'expired',
];

/**
 * The instances of one entry, not yet added.
 *
 * @param ids is filled with the ids of the new instances
 * @throws {SeedError}
 */
export function instancesOf(
  cloud: EcsCloud,
  path: string,
  seed: unknown,
  isKeyPair: (name: string) => boolean,
  ids: Set<string>,
): Omit<Instance, 'sequence'>[] {
  const fields = new SeedFields(path, seed, INSTANCE_FIELDS);
  const count = fields.count('count', MAX_COUNT) ?? 1;
  const instanceId = fields.text('instanceId');
  if (instanceId !== undefined) {
    if (count > 1) fields.refuse('instanceId', 'goes with one instance only');
    if (!/^i-[\w-]+$/.test(instanceId)) fields.refuse('instanceId', 'must look like i-…');
    if (ids.has(instanceId) || cloud.fleet.find(instanceId)) fields.refuse('instanceId', 'taken');
  }
  const name = fields.text('name');
  const zones = zonesOf(cloud, fields);
  const template = templateOf(cloud, fields, isKeyPair);
  return Array.from({ length: count }, (_, index) => {
    const id = instanceId ?? freshId(cloud, ids);
    ids.add(id);
    const suffix = count === 1 ? '' : `-${String(index + 1).padStart(3, '0')}`;
    return {
      ...template,
      id,
      name: name === undefined ? id : name + suffix,
      zoneId: zones[index % zones.length]!,
      tags: new Map(template.tags),
      bootId: template.boots === 0 ? null : randomUUID(),
    };
  });
}

function zonesOf(cloud: EcsCloud, fields: SeedFields): string[] {
  if (!fields.has('zones')) {
    return [fields.text('zoneId') ?? `${cloud.kernel.settings.regionId}-h`];
  }
  if (fields.has('zoneId')) fields.refuse('zones', 'goes not with zoneId');
  const zones = fields.texts('zones');
  return zones.length === 0 ? fields.refuse('zones', 'must not be empty') : zones;
}

function templateOf(
  cloud: EcsCloud,
  fields: SeedFields,
  isKeyPair: (name: string) => boolean,
): Omit<Instance, 'sequence' | 'id' | 'name' | 'zoneId' | 'bootId'> {
  const nowMs = cloud.kernel.clock.nowMs();
  const osType = fields.oneOf('osType', ['linux', 'windows']) ?? 'linux';
  const status = fields.oneOf('status', STATUSES) ?? 'Running';
  const keyPairName = fields.textOrNull('keyPairName') ?? null;
  if (keyPairName !== null) {
    if (osType === 'windows') fields.refuse('keyPairName', 'Windows takes no key pair');
    if (!isKeyPair(keyPairName)) fields.refuse('keyPairName', 'no such key pair');
  }
  const wasBooted = status !== 'Pending';
  const isUp = status === 'Running' || status === 'Starting' || status === 'Stopping';
  const effective = fields.textOrNull('effectiveKeyPairName');
  return {
    osType,
    ioOptimized: fields.flag('ioOptimized') ?? true,
    locks: fields.someOf('locks', LOCK_REASONS),
    vpcId: fields.text('vpcId') ?? DEFAULT_VPC_ID,
    vSwitchId: '',
    securityGroupIds: [],
    resourceGroupId: fields.text('resourceGroupId') ?? '',
    imageId: fields.text('imageId') ?? DEFAULT_IMAGES[osType],
    instanceType: 'ecs.g7.large',
    instanceChargeType: 'PostPaid',
    deletionProtection: false,
    expired: fields.flag('expired') ?? false,
    hasStock: fields.flag('stock') ?? true,
    createdMs: nowMs,
    tags: fields.textMap('tags'),
    status,
    stoppedMode: fields.oneOf('stoppedMode', STOPPED_MODES) ?? 'KeepCharging',
    keyPairName,
    effectiveKeyPairName: effective === undefined ? (wasBooted ? keyPairName : null) : effective,
    boots: isUp ? 1 : 0,
    bootedAtMs: isUp ? nowMs : null,
    startedMs: wasBooted ? nowMs : null,
    cancelNext: undefined,
  };
}

const DEFAULT_IMAGES = {
  linux: 'aliyun_3_x64_20G_alibase_20240819.vhd',
  windows: 'win2022_21H2_x64_dtc_en-us_40G_alibase_20240819.vhd',
} as const;

function freshId(cloud: EcsCloud, ids: ReadonlySet<string>): string {
  for (;;) {
    const id = cloud.fleet.freshId();
    if (!ids.has(id)) return id;
  }
}

import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import type {
  InstanceId,
  InstanceStatus,
  KeyPair,
  Snapshot,
} from '../../shared/domain/model/instance.ts';
import type {
  CallAnswer,
  CallOutcome,
  Clock,
  Ecs,
  Selection,
} from '../../shared/domain/model/ports.ts';
import type { Selector } from '../../shared/domain/model/selector.ts';
import { isSelected } from '../../shared/domain/plan/targets.ts';

/** How long each part of a restart takes, in milliseconds. */
export interface BootTimes {
  /** From the accepted call until the status changes. Until then, reads still say Running. */
  readonly reactMs: number;
  readonly stoppingMs: number;
  readonly startingMs: number;
}

interface Turn {
  readonly atMs: number;
  readonly status: InstanceStatus;
}

interface ModelInstance {
  snapshot: Snapshot;
  status: InstanceStatus;
  keyPairName: string | null;
  /** The key pair that logs in: it was bound when the last boot began. */
  effectiveKeyPairName: string | null;
  boots: number;
  turns: Turn[];
  /** Whether it is still restarting because of an accepted call. Changes by others end that. */
  isRestarting: boolean;
  /** Any restart call that names it is refused, for all instances that the call names. */
  isLocked: boolean;
  /** A start is refused, because the zone has no such machine left. */
  isOutOfStock: boolean;
}

export interface StateChange {
  readonly instanceId: InstanceId;
  readonly state: InstanceStatus;
  readonly atMs: number;
}

/** ECS in memory, in the time of the given clock. Does what the `Ecs` port promises, and no more. */
export class ModelEcs implements Ecs {
  readonly #clock: Clock;
  readonly #times: BootTimes;
  readonly #keyPairs: readonly KeyPair[];
  readonly #instances = new Map<InstanceId, ModelInstance>();
  readonly #released = new Map<InstanceId, number>();
  #requests = 0;
  /** Every state change, oldest first. */
  readonly stateChanges: StateChange[] = [];
  /** Called for every state change, at the latest when the status is read. */
  onStateChange: (change: StateChange) => void = () => {};
  /** Called with the time of every state change to come. */
  onTurnPlanned: (instanceId: InstanceId, atMs: number) => void = () => {};
  /** Called for every restart that a call brings about, during the call. */
  onAccepted: (instanceId: InstanceId) => void = () => {};
  /** How often each action was called. */
  readonly calls: Record<string, number> = {};

  constructor(
    clock: Clock,
    keyPairs: readonly KeyPair[],
    snapshots: readonly Snapshot[],
    times: BootTimes,
  ) {
    this.#clock = clock;
    this.#times = times;
    this.#keyPairs = keyPairs;
    for (const snapshot of snapshots) {
      this.#instances.set(snapshot.instanceId, {
        snapshot,
        status: snapshot.status,
        keyPairName: snapshot.keyPairName,
        effectiveKeyPairName: snapshot.keyPairName,
        boots: 0,
        turns: [],
        isRestarting: false,
        isLocked: false,
        isOutOfStock: false,
      });
    }
  }

  async describeInstances(instanceIds: readonly InstanceId[]): Promise<readonly Snapshot[]> {
    this.#count('DescribeInstances');
    return instanceIds.flatMap((id) => {
      const instance = this.#find(id);
      if (instance === undefined) return [];
      const { status, keyPairName } = instance;
      return [{ ...instance.snapshot, status, keyPairName }];
    });
  }

  async describeGroup(tagKey: string, tagValues: readonly string[]): Promise<readonly Snapshot[]> {
    this.#count('DescribeInstances');
    const members = [...this.#instances.values()].filter(({ snapshot }) => {
      const value = snapshot.tags[tagKey];
      return value !== undefined && tagValues.includes(value);
    });
    return members.map((instance) => {
      const { status, keyPairName } = this.#find(instance.snapshot.instanceId)!;
      return { ...instance.snapshot, status, keyPairName };
    });
  }

  async selectInstances(selector: Selector, atMost: number): Promise<Selection> {
    this.#count('DescribeInstances');
    const now = [...this.#instances.keys()].map((instanceId) => {
      const { snapshot, status, keyPairName } = this.#find(instanceId)!;
      return { ...snapshot, status, keyPairName };
    });
    const selected = now.filter((snapshot) => isSelected(selector, snapshot));
    return { snapshots: selected.slice(0, atMost), more: selected.length > atMost };
  }

  async findKeyPair(keyPairName: string): Promise<KeyPair | undefined> {
    this.#count('DescribeKeyPairs');
    return this.#keyPairs.find(({ name }) => name === keyPairName);
  }

  async attachKeyPair(
    keyPairName: string,
    instanceIds: readonly InstanceId[],
  ): Promise<CallAnswer> {
    this.#count('AttachKeyPair');
    if (!this.#keyPairs.some(({ name }) => name === keyPairName)) {
      throw new LatchkeyError('refused', `Cannot attach "${keyPairName}": it does not exist`, {
        vendorCode: 'InvalidKeyPairName.NotFound',
      });
    }
    return this.#each(instanceIds, (instance) => {
      if (instance.status !== 'Running' && instance.status !== 'Stopped') {
        return 'IncorrectInstanceStatus';
      }
      instance.keyPairName = keyPairName;
      return undefined;
    });
  }

  async detachKeyPair(
    keyPairName: string,
    instanceIds: readonly InstanceId[],
  ): Promise<CallAnswer> {
    this.#count('DetachKeyPair');
    return this.#each(instanceIds, (instance) => {
      if (instance.keyPairName !== keyPairName) return 'InvalidOperation.KeyPairNotAttached';
      instance.keyPairName = null;
      return undefined;
    });
  }

  async rebootInstances(instanceIds: readonly InstanceId[]): Promise<CallAnswer> {
    this.#count('RebootInstances');
    const { reactMs, stoppingMs, startingMs } = this.#times;
    this.#refuseLocked(instanceIds);
    return this.#each(instanceIds, (instance) => {
      if (instance.status !== 'Running') return 'IncorrectInstanceStatus';
      this.#plan(
        instance,
        ['Stopping', reactMs],
        ['Starting', stoppingMs],
        ['Running', startingMs],
      );
      this.#accept(instance);
      return undefined;
    });
  }

  async startInstances(instanceIds: readonly InstanceId[]): Promise<CallAnswer> {
    this.#count('StartInstances');
    const { reactMs, startingMs } = this.#times;
    this.#refuseLocked(instanceIds);
    return this.#each(instanceIds, (instance) => {
      if (instance.status !== 'Stopped') return 'IncorrectInstanceStatus';
      if (instance.isOutOfStock) return 'OperationDenied.NoStock';
      this.#plan(instance, ['Starting', reactMs], ['Running', startingMs]);
      this.#accept(instance);
      return undefined;
    });
  }

  async rehearse(): Promise<void> {}

  /** What is true of the instance now; counts as no call. */
  look(instanceId: InstanceId): {
    readonly status: InstanceStatus;
    readonly keyPairName: string | null;
    readonly effectiveKeyPairName: string | null;
    readonly boots: number;
  } {
    const instance = this.#find(instanceId);
    if (instance === undefined) throw new RangeError(`Cannot look at "${instanceId}": not there`);
    const { status, keyPairName, effectiveKeyPairName, boots } = instance;
    return { status, keyPairName, effectiveKeyPairName, boots };
  }

  /** The fleet as it was seeded. */
  snapshots(): readonly Snapshot[] {
    return [...this.#instances.values()].map(({ snapshot }) => snapshot);
  }

  exists(instanceId: InstanceId): boolean {
    return this.#instances.has(instanceId);
  }

  /** Whether an accepted restart is still under way. */
  isRestarting(instanceId: InstanceId): boolean {
    return this.#find(instanceId)?.isRestarting ?? false;
  }

  /** Whether any instance at all is not Running. */
  anyDown(): boolean {
    return [...this.#instances.keys()].some((id) => this.#find(id)?.status !== 'Running');
  }

  /** Changes an instance behind Latchkey's back. */
  change(
    instanceId: InstanceId,
    to: {
      status?: InstanceStatus;
      keyPairName?: string | null;
      isLocked?: boolean;
      isOutOfStock?: boolean;
      tags?: Snapshot['tags'];
    },
  ): void {
    const instance = this.#find(instanceId);
    if (instance === undefined) throw new RangeError(`Cannot change "${instanceId}": not there`);
    if (to.status !== undefined) this.#interrupt(instance, [to.status, 0]);
    if (to.keyPairName !== undefined) instance.keyPairName = to.keyPairName;
    if (to.isLocked !== undefined) instance.isLocked = to.isLocked;
    if (to.isOutOfStock !== undefined) instance.isOutOfStock = to.isOutOfStock;
    if (to.tags !== undefined) instance.snapshot = { ...instance.snapshot, tags: to.tags };
  }

  /** Operates an instance behind Latchkey's back. No effect in a status that does not allow it. */
  operate(instanceId: InstanceId, action: 'stop' | 'start' | 'reboot'): void {
    const instance = this.#find(instanceId);
    const { reactMs, stoppingMs, startingMs } = this.#times;
    if (instance === undefined) return;
    if (action === 'start') {
      if (instance.status !== 'Stopped') return;
      this.#interrupt(instance, ['Starting', reactMs], ['Running', startingMs]);
      return;
    }
    if (instance.status !== 'Running') return;
    if (action === 'stop') this.#interrupt(instance, ['Stopping', 0], ['Stopped', stoppingMs]);
    else {
      this.#interrupt(
        instance,
        ['Stopping', reactMs],
        ['Starting', stoppingMs],
        ['Running', startingMs],
      );
    }
  }

  #interrupt(instance: ModelInstance, ...turns: readonly [InstanceStatus, number][]): void {
    instance.turns = [];
    instance.isRestarting = false;
    this.#plan(instance, ...turns);
    this.#find(instance.snapshot.instanceId);
  }

  #accept(instance: ModelInstance): void {
    instance.isRestarting = true;
    this.onAccepted(instance.snapshot.instanceId);
  }

  /** One locked instance makes ECS refuse the whole call. */
  #refuseLocked(instanceIds: readonly InstanceId[]): void {
    if (!instanceIds.some((id) => this.#instances.get(id)?.isLocked)) return;
    throw new LatchkeyError('refused', 'Cannot restart: the security lock of an instance', {
      vendorCode: 'InstanceLockedForSecurity',
      blamesOneInstance: true,
    });
  }

  /** Applies the state changes that are due by now. */
  settle(instanceId: InstanceId): void {
    this.#find(instanceId);
  }

  release(instanceId: InstanceId): void {
    if (!this.#instances.delete(instanceId)) return;
    this.#released.set(instanceId, this.#clock.nowMs());
  }

  /** undefined when it is still there or never was. */
  releasedAtMs(instanceId: InstanceId): number | undefined {
    return this.#released.get(instanceId);
  }

  #count(action: string): void {
    this.calls[action] = (this.calls[action] ?? 0) + 1;
  }

  /** The instance, with all state changes that are due by now. */
  #find(instanceId: InstanceId): ModelInstance | undefined {
    const instance = this.#instances.get(instanceId);
    if (instance === undefined) return undefined;
    while (instance.turns[0] !== undefined && instance.turns[0].atMs <= this.#clock.nowMs()) {
      const { atMs, status } = instance.turns.shift()!;
      instance.status = status;
      const change = { instanceId, state: status, atMs };
      this.stateChanges.push(change);
      this.onStateChange(change);
      if (status === 'Running') instance.isRestarting = false;
      if (status !== 'Starting') continue;
      instance.boots += 1;
      instance.effectiveKeyPairName = instance.keyPairName;
    }
    return instance;
  }

  #plan(instance: ModelInstance, ...turns: readonly [InstanceStatus, number][]): void {
    // A restart that is accepted before an earlier one begins comes after it.
    let atMs = Math.max(this.#clock.nowMs(), instance.turns.at(-1)?.atMs ?? 0);
    for (const [status, afterMs] of turns) {
      atMs += afterMs;
      instance.turns.push({ atMs, status });
      this.onTurnPlanned(instance.snapshot.instanceId, atMs);
    }
  }

  #each(
    instanceIds: readonly InstanceId[],
    act: (instance: ModelInstance) => string | undefined,
  ): CallAnswer {
    this.#requests += 1;
    const outcomes = instanceIds.map((instanceId): CallOutcome => {
      const instance = this.#find(instanceId);
      const code = instance === undefined ? 'InvalidInstanceId.NotFound' : act(instance);
      if (code === undefined) return { instanceId, kind: 'done' };
      return { instanceId, kind: 'failed', code, message: 'The model of ECS refused it' };
    });
    return { requestId: `model-${this.#requests}`, outcomes };
  }
}

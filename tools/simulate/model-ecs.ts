import { LatchkeyError } from '../../shared/domain/errors.ts';
import type {
  InstanceId,
  InstanceStatus,
  KeyPair,
  Snapshot,
} from '../../shared/domain/instance.ts';
import type { CallAnswer, CallOutcome, Clock, Ecs } from '../../shared/domain/ports.ts';

/** How long each part of a boot takes, in milliseconds. */
export interface BootTimes {
  /** From the accepted call until the status moves: until then the old Running is still read. */
  readonly reactMs: number;
  readonly stoppingMs: number;
  readonly startingMs: number;
}

interface Turn {
  readonly atMs: number;
  readonly status: InstanceStatus;
}

interface ModelInstance {
  readonly snapshot: Snapshot;
  status: InstanceStatus;
  keyPairName: string | null;
  /** The key that logs in: the one bound when the last boot began. */
  effectiveKeyPairName: string | null;
  boots: number;
  turns: Turn[];
}

export interface StateChange {
  readonly instanceId: InstanceId;
  readonly state: InstanceStatus;
  readonly atMs: number;
}

/** ECS in memory, in the time of the clock given: what the `Ecs` port promises, and no more. */
export class ModelEcs implements Ecs {
  readonly #clock: Clock;
  readonly #times: BootTimes;
  readonly #keyPairs: readonly KeyPair[];
  readonly #instances = new Map<InstanceId, ModelInstance>();
  #requests = 0;
  /** Every change of a status, oldest first; the world delivers them, or does not. */
  readonly stateChanges: StateChange[] = [];
  /** Calls by action. */
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

  async rebootInstances(instanceIds: readonly InstanceId[]): Promise<CallAnswer> {
    this.#count('RebootInstances');
    const { reactMs, stoppingMs, startingMs } = this.#times;
    return this.#each(instanceIds, (instance) => {
      if (instance.status !== 'Running') return 'IncorrectInstanceStatus';
      this.#plan(
        instance,
        ['Stopping', reactMs],
        ['Starting', stoppingMs],
        ['Running', startingMs],
      );
      return undefined;
    });
  }

  async startInstances(instanceIds: readonly InstanceId[]): Promise<CallAnswer> {
    this.#count('StartInstances');
    const { reactMs, startingMs } = this.#times;
    return this.#each(instanceIds, (instance) => {
      if (instance.status !== 'Stopped') return 'IncorrectInstanceStatus';
      this.#plan(instance, ['Starting', reactMs], ['Running', startingMs]);
      return undefined;
    });
  }

  /** As its owner sees it, without a call. */
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

  /** Somebody else's doing. */
  change(
    instanceId: InstanceId,
    to: { status?: InstanceStatus; keyPairName?: string | null },
  ): void {
    const instance = this.#find(instanceId);
    if (instance === undefined) throw new RangeError(`Cannot change "${instanceId}": not there`);
    if (to.status !== undefined)
      instance.turns = [{ atMs: this.#clock.nowMs(), status: to.status }];
    if (to.keyPairName !== undefined) instance.keyPairName = to.keyPairName;
  }

  release(instanceId: InstanceId): void {
    this.#instances.delete(instanceId);
  }

  /** When the next status changes by itself. */
  nextTurnMs(): number | undefined {
    const next = [...this.#instances.values()].flatMap(({ turns }) => turns[0]?.atMs ?? []);
    return next.length === 0 ? undefined : Math.min(...next);
  }

  #count(action: string): void {
    this.calls[action] = (this.calls[action] ?? 0) + 1;
  }

  /** The instance after all turns that are over by now. */
  #find(instanceId: InstanceId): ModelInstance | undefined {
    const instance = this.#instances.get(instanceId);
    if (instance === undefined) return undefined;
    while (instance.turns[0] !== undefined && instance.turns[0].atMs <= this.#clock.nowMs()) {
      const { atMs, status } = instance.turns.shift()!;
      instance.status = status;
      this.stateChanges.push({ instanceId, state: status, atMs });
      if (status !== 'Starting') continue;
      instance.boots += 1;
      instance.effectiveKeyPairName = instance.keyPairName;
    }
    return instance;
  }

  #plan(instance: ModelInstance, ...turns: readonly [InstanceStatus, number][]): void {
    // Accepted while an earlier one is still to begin, a restart comes on top of it.
    let atMs = Math.max(this.#clock.nowMs(), instance.turns.at(-1)?.atMs ?? 0);
    for (const [status, afterMs] of turns) {
      atMs += afterMs;
      instance.turns.push({ atMs, status });
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

import { randomUUID } from 'node:crypto';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Instance, InstanceStatus, StoppedMode } from './instance.ts';

/** The states that `ecs:Instance:StateChange` reports. */
export type TellableState = 'Created' | Exclude<InstanceStatus, 'Pending'> | 'Deleted';

/**
 * Moves instances through their states by the cloud's clock. It checks nothing: `rules.ts` holds what is
 * allowed.
 *
 * A boot happens when Starting begins: that is when the kernel draws its boot id and cloud-init reads the
 * key pair from the metadata. From then on the bound key pair is the effective one, although a login is
 * possible only in Running.
 */
export class Lifecycle {
  readonly #kernel: Kernel;
  readonly #tell: (instance: Instance, state: TellableState) => void;

  constructor(kernel: Kernel, tell: (instance: Instance, state: TellableState) => void) {
    this.#kernel = kernel;
    this.#tell = tell;
  }

  /** Of a new, Pending instance: RunInstances boots it, CreateInstance leaves it stopped. */
  create(instance: Instance, boots: boolean): void {
    this.#tell(instance, 'Created');
    this.#waitPending(instance, boots);
  }

  start(instance: Instance): void {
    this.#boot(instance, true);
  }

  stop(instance: Instance, mode: StoppedMode): void {
    this.#enter(instance, 'Stopping');
    this.#then(instance, this.#kernel.settings.ecs.stoppingMs, () => {
      instance.stoppedMode = mode;
      this.#enter(instance, 'Stopped');
    });
  }

  /** Stopping, Starting, Running. The vendor's documents disagree about this order. */
  reboot(instance: Instance): void {
    const { stoppingMs, startTimeMovesOnReboot } = this.#kernel.settings.ecs;
    this.#enter(instance, 'Stopping');
    this.#then(instance, stoppingMs, () => this.#boot(instance, startTimeMovesOnReboot));
  }

  /** Releases the instance and cancels its pending changes. */
  release(instance: Instance): void {
    instance.cancelNext?.();
    instance.cancelNext = undefined;
    this.#tell(instance, 'Deleted');
  }

  /** Continues the change of an instance that was seeded in the middle of it. */
  resume(instance: Instance): void {
    switch (instance.status) {
      case 'Pending':
        this.#waitPending(instance, true);
        return;
      case 'Starting':
        this.#waitStarting(instance);
        return;
      case 'Stopping':
        this.#then(instance, this.#kernel.settings.ecs.stoppingMs, () =>
          this.#enter(instance, 'Stopped'),
        );
        return;
      case 'Running':
      case 'Stopped':
    }
  }

  #waitPending(instance: Instance, boots: boolean): void {
    this.#then(instance, this.#kernel.settings.ecs.pendingMs, () => {
      if (boots) this.#boot(instance, true);
      else this.#enter(instance, 'Stopped');
    });
  }

  #boot(instance: Instance, movesStartTime: boolean): void {
    const nowMs = this.#kernel.clock.nowMs();
    instance.bootId = randomUUID();
    instance.boots += 1;
    instance.bootedAtMs = nowMs;
    instance.effectiveKeyPairName = instance.keyPairName;
    if (movesStartTime || instance.startedMs === null) instance.startedMs = nowMs;
    this.#enter(instance, 'Starting');
    this.#waitStarting(instance);
  }

  #waitStarting(instance: Instance): void {
    this.#then(instance, this.#kernel.settings.ecs.startingMs, () =>
      this.#enter(instance, 'Running'),
    );
  }

  #enter(instance: Instance, status: Exclude<InstanceStatus, 'Pending'>): void {
    instance.status = status;
    this.#tell(instance, status);
  }

  #then(instance: Instance, delayMs: number, run: () => void): void {
    instance.cancelNext?.();
    instance.cancelNext = this.#kernel.clock.after(delayMs, () => {
      instance.cancelNext = undefined;
      run();
    });
  }
}

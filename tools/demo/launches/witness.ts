import type { CloudEvent, Kernel } from '../../../local/cloud/kernel/kernel.ts';

interface Trailed {
  readonly eventName?: string;
  readonly responseElements?: {
    readonly Results?: {
      readonly Result: readonly { InstanceId: string; Success: string | boolean }[];
    };
  };
}

/** Collects what the events of the cloud say about each instance, independently of Latchkey. */
export class Witness {
  events = 0;
  readonly #attached = new Map<string, number>();

  constructor(kernel: Kernel) {
    kernel.onPublish((event) => this.#see(event));
  }

  /** How often AttachKeyPair succeeded for an instance. */
  attachedOf(instanceId: string): number {
    return this.#attached.get(instanceId) ?? 0;
  }

  #see({ type, data }: CloudEvent): void {
    this.events += 1;
    if (type !== 'ecs:ActionTrail:ApiCall') return;
    const { eventName, responseElements } = data as Trailed;
    if (eventName !== 'AttachKeyPair') return;
    for (const { InstanceId, Success } of responseElements?.Results?.Result ?? []) {
      if (String(Success) === 'true') {
        this.#attached.set(InstanceId, this.attachedOf(InstanceId) + 1);
      }
    }
  }
}

import type { Kernel } from '../../kernel/kernel.ts';
import { envelope } from './envelope.ts';
import type { Instance } from '../model/instance.ts';
import type { TellableState } from '../model/lifecycle.ts';

/** Publishes `ecs:Instance:StateChange`. Not verified: its `data` has the fields of CloudMonitor's `content`. */
export function tellStateChange(kernel: Kernel, instance: Instance, state: TellableState): void {
  const event = {
    id: kernel.requestId(),
    type: 'ecs:Instance:StateChange',
    about: `instance/${instance.id}`,
    data: { resourceId: instance.id, resourceType: 'ALIYUN::ECS::Instance', state },
  };
  kernel.publish(envelope(kernel, event));
}

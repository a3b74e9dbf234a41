import type { InstanceMemory } from '../../shared/domain/instance.ts';
import type { Ecs, InstanceMemories } from '../../shared/domain/ports.ts';
import type { CredentialSource } from '../../shared/outbound/credentials.ts';

/** Where the APIs of the cloud are, and who asks. */
export interface CloudAccess {
  readonly regionId: string;
  /** undefined: the region's own. */
  readonly ecsEndpoint: string | undefined;
  readonly tablestoreEndpoint: string;
  readonly tablestoreInstance: string;
  readonly credentials: CredentialSource;
}

/** The part of the cloud that is read from here. Nothing is written. */
export interface CloudPorts {
  readonly ecs: Pick<Ecs, 'describeInstances' | 'selectInstances' | 'findKeyPair'>;
  readonly memories: Pick<InstanceMemories, 'recall'>;
  /** Everything that Latchkey remembers of instances of the region. */
  everyMemory(): AsyncIterable<readonly InstanceMemory[]>;
}

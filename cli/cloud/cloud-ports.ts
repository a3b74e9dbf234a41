import type { InstanceMemory } from '../../shared/domain/model/instance.ts';
import type { Ecs, InstanceMemories } from '../../shared/domain/model/ports.ts';
import type { CredentialSource } from '../../shared/outbound/credentials.ts';

/** Where the cloud's APIs are, and the credentials to call them with. */
export interface CloudAccess {
  readonly regionId: string;
  /** Undefined means the region's own endpoint. */
  readonly ecsEndpoint: string | undefined;
  readonly tablestoreEndpoint: string;
  readonly tablestoreInstance: string;
  readonly credentials: CredentialSource;
}

/** Read-only calls to the cloud. */
export interface CloudPorts {
  readonly ecs: Pick<Ecs, 'describeInstances' | 'selectInstances' | 'findKeyPair'>;
  readonly memories: Pick<InstanceMemories, 'recall'>;
  /** Everything that Latchkey remembers about the region's instances, page by page. */
  everyMemory(): AsyncIterable<readonly InstanceMemory[]>;
}

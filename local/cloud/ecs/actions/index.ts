import type { Action } from '../action.ts';
import { attachKeyPair } from './attach-key-pair.ts';
import { createInstance } from './create-instance.ts';
import { createKeyPair } from './create-key-pair.ts';
import { deleteInstance } from './delete-instance.ts';
import { deleteInstances } from './delete-instances.ts';
import { deleteKeyPairs } from './delete-key-pairs.ts';
import { describeInstanceStatus } from './describe-instance-status.ts';
import { describeInstances } from './describe-instances.ts';
import { describeKeyPairs } from './describe-key-pairs.ts';
import { describeRegions } from './describe-regions.ts';
import { detachKeyPair } from './detach-key-pair.ts';
import { importKeyPair } from './import-key-pair.ts';
import { rebootInstance } from './reboot-instance.ts';
import { rebootInstances } from './reboot-instances.ts';
import { runInstances } from './run-instances.ts';
import { startInstance } from './start-instance.ts';
import { startInstances } from './start-instances.ts';
import { stopInstance } from './stop-instance.ts';
import { stopInstances } from './stop-instances.ts';
import { tagResources } from './tag-resources.ts';

/** All actions, by name. */
export const ACTIONS: ReadonlyMap<string, Action> = new Map(
  [
    attachKeyPair,
    createInstance,
    createKeyPair,
    deleteInstance,
    deleteInstances,
    deleteKeyPairs,
    describeInstanceStatus,
    describeInstances,
    describeKeyPairs,
    describeRegions,
    detachKeyPair,
    importKeyPair,
    rebootInstance,
    rebootInstances,
    runInstances,
    startInstance,
    startInstances,
    stopInstance,
    stopInstances,
    tagResources,
  ].map((action) => [action.name, action]),
);

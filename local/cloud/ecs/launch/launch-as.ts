import type { Identity } from '../../kernel/account.ts';
import { NO_SPOIL } from '../../kernel/faults.ts';
import { createInstance } from '../actions/create-instance.ts';
import { runInstances } from '../actions/run-instances.ts';
import { call } from '../requests/call.ts';
import { apiCaller, type Caller, consoleCaller } from '../requests/caller.ts';
import type { EcsCloud } from '../cloud.ts';

/** Who launches. For a person at the console ActionTrail publishes another type of event. */
export type Launcher =
  | { readonly kind: 'console'; readonly userName: string }
  | { readonly kind: 'root' }
  | Identity;

export interface LaunchCall {
  /** Default: RunInstances. */
  readonly action?: 'RunInstances' | 'CreateInstance';
  readonly by: Launcher;
  /** As on the wire, for example `{ 'Tag.1.Key': 'team', … }`; the region may be left out. */
  readonly parameters: Readonly<Record<string, string>>;
}

const ACTIONS = { RunInstances: runInstances, CreateInstance: createInstance };

/** @throws {EcsError} when it is refused */
export function launchAs(
  cloud: EcsCloud,
  { action = 'RunInstances', by, parameters }: LaunchCall,
): { requestId: string; instanceIds: string[] } {
  const { kernel } = cloud;
  const requestId = kernel.requestId();
  const given = new Map(Object.entries({ RegionId: kernel.settings.regionId, ...parameters }));
  const caller = callerOf(kernel.account.id, by);
  const answer = call(cloud, ACTIONS[action], given, { requestId, caller, spoil: NO_SPOIL });
  const sets = answer['InstanceIdSets'] as { InstanceIdSet: string[] } | undefined;
  return { requestId, instanceIds: [...(sets?.InstanceIdSet ?? [String(answer['InstanceId'])])] };
}

function callerOf(accountId: string, by: Launcher): Caller {
  if (by.kind === 'console') return consoleCaller(accountId, by.userName);
  const identity = by.kind === 'root' ? undefined : by;
  // A caller without credentials here signs with none.
  const credential = { accessKeyId: 'local-control', ...(identity && { identity }) };
  return apiCaller(accountId, credential, { sourceIp: '127.0.0.1', userAgent: 'local-control' });
}

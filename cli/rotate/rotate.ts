import type { InstanceId } from '../../shared/domain/model/instance.ts';
import { MAX_INSTANCES } from '../../shared/domain/model/request.ts';
import { type Api, postRollout } from '../api/client.ts';
import type { PlanView, RolloutView } from '../api/views.ts';
import { planOf } from '../ask-rollout.ts';
import type { CloudPorts } from '../cloud/cloud-ports.ts';
import type { Io } from '../io.ts';
import { changesSomething } from '../show/plan.ts';
import { boundTo, whoHas, type Who } from '../who/who.ts';

export interface Rotation {
  readonly regionId: string;
  readonly oldName: string;
  readonly newName: string;
  /** Fields of every request besides region, key pair and instances. */
  readonly options: Readonly<Record<string, unknown>>;
}

export interface RotatePorts {
  readonly api: Api;
  readonly cloud: CloudPorts;
  readonly io: Pick<Io, 'newId' | 'nowMs'>;
  /**
   * Shows the plan of the first rollout. Throws when the user declines.
   *
   * @param bound number of instances bound now; those outside the plan follow in further rollouts
   */
  agree(plan: PlanView, bound: number): Promise<void>;
  /** Follows a rollout until it is done or halted. */
  follow(rollout: RolloutView): Promise<RolloutView>;
}

export interface Report {
  readonly oldName: string;
  readonly newName: string;
  readonly rollouts: readonly RolloutView[];
  /** Why an instance was left out, by id. */
  readonly skipped: ReadonlyMap<InstanceId, string>;
  /** A rollout did not succeed, so no further one was started. */
  readonly brokenOff: boolean;
  /** Where the old key pair still works at the end. */
  readonly who: Who;
  readonly tookMs: number;
}

/**
 * Starts rollouts of at most 1,000 instances, one after another, until no instance has the old key pair but
 * those that were tried. Stops at the first rollout that does not succeed, because its fault may affect all.
 */
export async function rotate(rotation: Rotation, ports: RotatePorts): Promise<Report> {
  const { regionId, oldName, newName, options } = rotation;
  const { api, cloud, io } = ports;
  const startedMs = io.nowMs();
  const tried = new Set<InstanceId>();
  const skipped = new Map<InstanceId, string>();
  const rollouts: RolloutView[] = [];
  let agreed = false;
  let brokenOff = false;
  while (!brokenOff) {
    const { snapshots, more } = await boundTo(oldName, cloud);
    const ids = snapshots.map(({ instanceId }) => instanceId).filter((id) => !tried.has(id));
    if (ids.length === 0) break;
    const isWhole = tried.size === 0 && !more && ids.length <= MAX_INSTANCES;
    const targets = isWhole
      ? { selector: { keyPairName: oldName } }
      : { instanceIds: ids.slice(0, MAX_INSTANCES) };
    const body = { regionId, keyPairName: newName, ...targets, ...options };
    const plan = await planOf({ path: '/rollouts', body }, api, io);
    for (const { instanceId, kind, why = '' } of plan.results) {
      tried.add(instanceId);
      if (kind === 'skipped') skipped.set(instanceId, why);
    }
    if (!changesSomething(plan)) continue;
    if (!agreed) await ports.agree(plan, ids.length);
    agreed = true;
    const expected = { ...body, expectedPlanDigest: plan.planDigest };
    const started = await postRollout('/rollouts', expected, io.newId(), api);
    const rollout = await ports.follow(started);
    rollouts.push(rollout);
    brokenOff = !succeeded(rollout);
  }
  const who = await whoHas(oldName, cloud);
  const tookMs = io.nowMs() - startedMs;
  return { oldName, newName, rollouts, skipped, brokenOff, who, tookMs };
}

/** An attach that ECS refused concerns one instance only, and does not count as a failure of the rollout. */
function succeeded({ status, control, approval }: RolloutView): boolean {
  const isAllowed = approval === null || approval.state === 'approved';
  return status === 'done' && control.kind === 'going' && isAllowed;
}

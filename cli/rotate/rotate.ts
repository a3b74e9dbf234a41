import type { InstanceId } from '../../shared/domain/model/instance.ts';
import { MAX_INSTANCES } from '../../shared/domain/model/request.ts';
import type { Api } from '../api/client.ts';
import { type PlanView, read, RolloutView } from '../api/views.ts';
import { planOf, type Wish } from '../ask-rollout.ts';
import type { CloudPorts } from '../cloud/ports.ts';
import type { Io } from '../io.ts';
import { doesSomething } from '../show/plan.ts';
import { boundTo, whoHas, type Who } from '../who/who.ts';

export interface Rotation {
  readonly regionId: string;
  readonly oldName: string;
  readonly newName: string;
  /** Of each request, besides region, key pair and instances. */
  readonly options: Readonly<Record<string, unknown>>;
}

export interface RotatePorts {
  readonly api: Api;
  readonly cloud: CloudPorts;
  readonly io: Pick<Io, 'newId' | 'nowMs'>;
  /**
   * Before the first rollout: shows its plan, and throws when it is not to be.
   *
   * @param bound all that are bound now; those that the plan does not have come in further rollouts
   */
  agree(plan: PlanView, bound: number): Promise<void>;
  /** Follows one to where nothing goes on. */
  follow(rollout: RolloutView): Promise<RolloutView>;
}

export interface Report {
  readonly oldName: string;
  readonly newName: string;
  readonly rollouts: readonly RolloutView[];
  /** Why an instance was left out, by id. */
  readonly skipped: ReadonlyMap<InstanceId, string>;
  /** Whether it broke off, because a rollout did not go through. */
  readonly brokenOff: boolean;
  /** Who has the old key pair at the end. */
  readonly who: Who;
  readonly tookMs: number;
}

/**
 * Rollout after rollout, each of at most 1,000 instances in waves, until nothing is bound to the old key
 * pair but what was tried. Breaks off at the first that does not go through: what is wrong with it may be
 * wrong with all.
 */
export async function rotate(rotation: Rotation, ports: RotatePorts): Promise<Report> {
  const { oldName, newName } = rotation;
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
    const wish = wishFor(rotation, isWhole ? undefined : ids.slice(0, MAX_INSTANCES));
    const plan = await planOf(wish, api, io);
    for (const { instanceId, kind, why = '' } of plan.results) {
      tried.add(instanceId);
      if (kind === 'skipped') skipped.set(instanceId, why);
    }
    if (!doesSomething(plan)) continue;
    if (!agreed) await ports.agree(plan, ids.length);
    agreed = true;
    const rollout = await ports.follow(await carryOut(wish, plan, ports));
    rollouts.push(rollout);
    brokenOff = !wentThrough(rollout);
  }
  const who = await whoHas(oldName, cloud);
  const tookMs = io.nowMs() - startedMs;
  return { oldName, newName, rollouts, skipped, brokenOff, who, tookMs };
}

/** @param ids undefined: whatever is bound to the old key pair */
function wishFor(rotation: Rotation, ids: readonly InstanceId[] | undefined): Wish {
  const { regionId, oldName, newName: keyPairName, options } = rotation;
  const targets = ids === undefined ? { selector: { keyPairName: oldName } } : { instanceIds: ids };
  return {
    path: '/rollouts',
    body: { regionId, keyPairName, ...targets, ...options },
    takesDigest: true,
  };
}

async function carryOut({ path, body }: Wish, plan: PlanView, { api, io }: RotatePorts) {
  const expected = { ...body, expectedPlanDigest: plan.planDigest };
  return read(RolloutView, await api.post(path, expected, io.newId()), 'the rollout');
}

/** Done by itself. Attaches that ECS refused are their instances' own trouble, and stop no other. */
function wentThrough({ status, control, approval }: RolloutView): boolean {
  const isAllowed = approval === null || approval.state === 'approved';
  return status === 'done' && control.kind === 'going' && isAllowed;
}

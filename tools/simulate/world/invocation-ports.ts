import type { LatchkeyError } from '../../../shared/domain/model/errors.ts';
import type {
  CallAnswer,
  Delivery,
  Ecs,
  GateAnswer,
  GlobalStop,
  HealthGate,
  InstanceMemories,
  Log,
  Notifier,
  PlanMemory,
  Queue,
  RequestLedger,
  Rollouts,
} from '../../../shared/domain/model/ports.ts';
import type { OutMessage } from '../../../shared/domain/model/messages.ts';
import type { Restart, Rollout } from '../../../shared/domain/model/rollout.ts';
import type { RolloutRules } from '../../../shared/domain/policy/rules.ts';
import { aPolicy, sha256 } from '../../../test/models/builders.ts';
import type { Invocation } from './invocation.ts';
import { CLIENTS } from './clients.ts';
import { REGION_ID } from './fleet.ts';
import { few } from './story.ts';
import type { Call, Wire } from './wire.ts';
import type { ModelCloud } from './model-cloud.ts';
import type { Referee } from '../referees/referee.ts';

/** No dry runs here. */
const NO_PLANS: PlanMemory = { remember: async () => {}, recall: async () => undefined };

/** A row that the code cannot read. It must not keep the others from being carried on. */
export const POISON_ID = 'ro-unreadable';

/** What happens when a function has written something. */
export interface Reactions {
  readonly sent: (messages: readonly OutMessage[]) => void;
  readonly created: (rollout: Rollout, by: Invocation) => void;
  readonly saved: (before: Rollout, after: Rollout) => void;
}

/** What the ports of an invocation act on. */
export interface Behind extends ModelCloud {
  readonly referee: Referee;
  readonly reactions: Reactions;
}

/** The ports of one invocation. Every call goes over the wire, and the referee sees its effect. */
export function portsOf(world: Behind, invocation: Invocation) {
  const log: Log = (level, event, fields) => {
    if (event === 'bug' && !isPoison(fields?.['error'])) {
      world.referee.fail(`a bug was logged: ${String(fields?.['error'])}`);
    }
    world.story.tell(() => `${invocation.id}  log ${level} ${event} ${errorIn(fields)}`);
  };
  return {
    ecs: ecsOf(world, invocation),
    rollouts: rolloutsOf(world, invocation),
    memories: memoriesOf(world, invocation),
    queue: queueOf(world, invocation, world.reactions.sent),
    deadLetters: queueOf(world, invocation, () => {}),
    clock: world.scheduler,
    stop: stopOf(world, invocation),
    rules: rulesOf(world, invocation),
    policy: aPolicy({ clients: CLIENTS.map(({ rule }) => rule) }),
    regionId: REGION_ID,
    ledger: ledgerOf(world, invocation),
    notifier: notifierOf(world, invocation),
    plans: NO_PLANS,
    log,
    sha256,
  };
}

function errorIn(fields: Readonly<Record<string, unknown>> | undefined): string {
  const error = fields?.['error'];
  return error instanceof Error ? error.message : '';
}

export function isPoison(error: unknown): boolean {
  return error instanceof TypeError && error.message === POISON_ID;
}

/** One call of the port. @param more how an answer may be spoilt or told, and what an error becomes */
type CallOver = <T>(
  name: string,
  effect: Call<T>['effect'],
  more?: Pick<Call<T>, 'spoil' | 'onError' | 'tell'>,
) => Promise<T>;

function caller(wire: Wire, invocation: Invocation, toEcs = false): CallOver {
  return (name, effect, more) => wire.send(invocation, { name, toEcs, effect, ...more });
}

function ecsOf({ wire, ecs, referee, weather, random }: Behind, invocation: Invocation): Ecs {
  const call = caller(wire, invocation, true);
  const batch = (
    name: string,
    instanceIds: readonly string[],
    effect: () => Promise<CallAnswer>,
  ): Promise<CallAnswer> =>
    call(`${name} ${few(instanceIds)}`, effect, {
      spoil: (answer) => ({
        ...answer,
        outcomes: answer.outcomes.map((one, index) =>
          index === 0 ? { instanceId: one.instanceId, kind: 'unknown', code: 'Missing' } : one,
        ),
      }),
      tell: ({ outcomes }) =>
        few(
          outcomes.map((one) => (one.kind === 'done' ? one.kind : `${one.instanceId}:${one.code}`)),
        ),
    });
  const restart = async (how: Restart, instanceIds: readonly string[]) => {
    const restarts = referee.restarts.calling(invocation, how, instanceIds);
    const answer = await batch(how, instanceIds, () => {
      ecs.onAccepted = (instanceId) => referee.restarts.accepted(restarts, instanceId);
      return how === 'reboot' ? ecs.rebootInstances(instanceIds) : ecs.startInstances(instanceIds);
    });
    referee.restarts.answered(restarts, answer);
    return answer;
  };
  const seen = <T>(all: readonly T[]): readonly T[] =>
    weather().unseen === 0 ? all : all.filter(() => !random.chance(weather().unseen));
  return {
    describeInstances: (instanceIds) =>
      call(
        `describe ${few(instanceIds)}`,
        async () => seen(await ecs.describeInstances(instanceIds)),
        { tell: (found) => few(found.map((one) => `${one.instanceId}:${one.status}`)) },
      ),
    describeGroup: (tagKey, tagValues) =>
      call(`describe group ${tagKey} ${few(tagValues)}`, async () => {
        const found = await ecs.describeGroup(tagKey, tagValues);
        referee.claims.groupsDescribed(invocation, found);
        return found;
      }),
    selectInstances: (selector, atMost) =>
      call(`select ${JSON.stringify(selector)}`, () => ecs.selectInstances(selector, atMost), {
        tell: ({ snapshots }) => few(snapshots.map(({ instanceId }) => instanceId)),
      }),
    findKeyPair: (name) => call(`find key pair ${name}`, () => ecs.findKeyPair(name)),
    attachKeyPair: (name, instanceIds) =>
      batch(`attach ${name}`, instanceIds, () => {
        referee.attaching(instanceIds);
        referee.owners.attaching(name, instanceIds, invocation);
        return ecs.attachKeyPair(name, instanceIds);
      }),
    detachKeyPair: (name, instanceIds) =>
      batch(`detach ${name}`, instanceIds, () => {
        referee.attaching(instanceIds);
        return ecs.detachKeyPair(name, instanceIds);
      }),
    rebootInstances: (instanceIds) => restart('reboot', instanceIds),
    startInstances: (instanceIds) => restart('start', instanceIds),
    rehearse: (how) => call(`rehearse ${how}`, () => ecs.rehearse()),
  };
}

function rolloutsOf(world: Behind, invocation: Invocation): Rollouts {
  const { wire, rollouts, referee, reactions } = world;
  const call = caller(wire, invocation);
  const short = (rolloutId: string) => rolloutId.slice(0, 8);
  const tell = (result: string) => result;
  return {
    create: (rollout) =>
      call(
        `create ${short(rollout.rolloutId)}`,
        async (part) => {
          if (part) {
            rollouts.listOnly(rollout.rolloutId, rollout.createdAtMs);
            return 'created';
          }
          const isNew = rollouts.peek(rollout.rolloutId) === undefined;
          const done = rollouts.create(rollout);
          if (isNew) {
            referee.created(rollout);
            reactions.created(rollout, invocation);
          }
          return done;
        },
        { tell },
      ),
    load: (rolloutId) =>
      call(`load ${short(rolloutId)}`, async () => {
        if (rolloutId === POISON_ID) throw new TypeError(POISON_ID);
        return rollouts.load(rolloutId);
      }),
    save: (before, after) =>
      call(
        `save ${short(after.rolloutId)} v${after.version}`,
        async () => {
          const was = rollouts.peek(after.rolloutId);
          const done = rollouts.save(before, after);
          if (was !== undefined && rollouts.peek(after.rolloutId) !== was) {
            referee.saved(was, after, invocation);
            reactions.saved(was, after);
          } else wire.troubles.conflicts += 1;
          return done;
        },
        { tell },
      ),
    open: () => call('list open', () => rollouts.open()),
    close: (entry) => call(`close ${short(entry.rolloutId)}`, () => rollouts.close(entry)),
    reopen: (entry) => call(`reopen ${short(entry.rolloutId)}`, () => rollouts.reopen(entry)),
    countOpen: (asker, atMost) =>
      call(`count open of ${asker.client}`, () => rollouts.countOpen(asker, atMost)),
    newest: (limit, after) => call('list newest', () => rollouts.newest(limit, after)),
  };
}

function memoriesOf({ wire, memories, referee }: Behind, invocation: Invocation): InstanceMemories {
  const call = caller(wire, invocation);
  const head = <T>(all: readonly T[], part: boolean): readonly T[] =>
    part ? all.slice(0, Math.ceil(all.length / 2)) : all;
  return {
    recall: (instanceIds) => call(`recall ${few(instanceIds)}`, () => memories.recall(instanceIds)),
    hold: (rolloutId, instanceIds) =>
      call(
        `hold ${few(instanceIds)} for ${rolloutId.slice(0, 8)}`,
        (part) => memories.hold(rolloutId, head(instanceIds, part)),
        { tell: (taken) => (taken.size === 0 ? 'all' : `taken: ${few([...taken.keys()])}`) },
      ),
    release: (rolloutId, remembered) =>
      call(`release ${rolloutId.slice(0, 8)}`, (part) => {
        const given = head(remembered, part);
        referee.remembering(rolloutId, given);
        return memories.release(rolloutId, given);
      }),
    claimLaunch: (rolloutId, instanceIds, untilMs, dead) =>
      call(`claim launch of ${few(instanceIds)} for ${rolloutId.slice(0, 8)}`, (part) =>
        memories.claimLaunch(rolloutId, head(instanceIds, part), untilMs, dead),
      ),
    witness: (instanceId, atMs) =>
      call(`witness ${instanceId}`, () => memories.witness(instanceId, atMs)),
  };
}

function queueOf(
  { wire }: Behind,
  invocation: Invocation,
  take: (messages: readonly OutMessage[]) => void,
): Queue {
  return {
    send: async (messages) => {
      // The adapter makes no call when there is nothing to send.
      if (messages.length === 0) return [];
      return caller(wire, invocation)<readonly (LatchkeyError | undefined)[]>(
        `send ${messages.length} messages`,
        async (part) => {
          take(part ? messages.slice(0, Math.ceil(messages.length / 2)) : messages);
          return messages.map(() => undefined);
        },
        { onError: (error) => messages.map(() => error) },
      );
    },
  };
}

function ledgerOf({ wire, ledger }: Behind, invocation: Invocation): RequestLedger {
  const call = caller(wire, invocation);
  return {
    take: (client, requestId, bodyDigest) =>
      call(`take request ${requestId}`, () => ledger.take(client, requestId, bodyDigest), {
        tell: (state) => state,
      }),
    finish: (client, requestId) =>
      call(`finish request ${requestId}`, () => ledger.finish(client, requestId)),
  };
}

function notifierOf({ wire, notifier, referee }: Behind, invocation: Invocation): Notifier {
  return {
    deliver: (notice, nowMs) =>
      caller(wire, invocation)<Delivery>(
        `tell ${notice.channel} of ${notice.kind}, ${notice.attempt}`,
        async () => {
          const delivery = await notifier.deliver(notice, nowMs);
          if (delivery.kind === 'delivered') referee.notices.delivered(notice);
          return delivery;
        },
        {
          // The adapter never rejects.
          onError: ({ message }) => ({ kind: 'failed', why: message, retryAfterMs: null }),
          tell: ({ kind }) => kind,
        },
      ),
  };
}

function stopOf({ wire, stop, referee }: Behind, invocation: Invocation): GlobalStop {
  const call = caller(wire, invocation);
  return {
    read: () =>
      call('read stop', async () => {
        referee.claims.stopRead(invocation, stop.value);
        return stop.value;
      }),
    set: (value) => call(value === null ? 'go' : 'stop', () => stop.set(value)),
  };
}

/** The rules that were deployed when the invocation began. */
function rulesOf(world: Behind, invocation: Invocation): RolloutRules {
  const { schedule, policy } = world;
  const gate = world.gate === null ? null : gateOf(world, world.gate, invocation);
  return {
    scheduleOf: () => schedule,
    hasGate: () => gate !== null,
    gateOf: () => gate,
    revoked: policy.revokedAt(invocation.startedMs),
    channels: policy.channels,
  };
}

function gateOf({ wire, referee }: Behind, gate: HealthGate, invocation: Invocation): HealthGate {
  return {
    ask: (question) =>
      caller(wire, invocation)<GateAnswer>(
        `gate ${question.phase} wave ${question.wave}`,
        async () => {
          const answer = await gate.ask(question);
          referee.claims.gateAnswered(invocation, question, answer);
          return answer;
        },
        {
          // The adapter never rejects: no answer is `wait`.
          onError: (error) => {
            const answer = { answer: 'wait', reason: error.message } as const;
            referee.claims.gateAnswered(invocation, question, answer);
            return answer;
          },
          tell: ({ answer }) => answer,
        },
      ),
  };
}

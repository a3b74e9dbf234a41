import type { OutMessage } from '../../shared/domain/model/messages.ts';
import { createHash } from 'node:crypto';
import type { LatchkeyError } from '../../shared/domain/model/errors.ts';
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
} from '../../shared/domain/model/ports.ts';
import type { Restart } from '../../shared/domain/model/rollout.ts';
import type { RolloutRules } from '../../shared/domain/policy/rules.ts';
import type { Invocation } from './invocation.ts';
import { CLIENTS } from './clients.ts';
import { REGION_ID } from './fleet.ts';
import { reactTo, reactToNew } from './people.ts';
import { few } from './story.ts';
import type { World } from './world.ts';

/** The tags by which owners keep Latchkey away, as by default. */
const OPT_OUT = { restart: 'latchkey:restart', attach: 'latchkey:attach' };

/** Nobody here asks for a dry run. */
const NO_PLANS: PlanMemory = { remember: async () => {}, recall: async () => undefined };

/** A row that no version of the code can read: it must not be in the way of the others. */
export const POISON_ID = 'ro-unreadable';

/** The ports of one invocation: every call passes the wire, and the referee sees what it does. */
export function portsOf(world: World, invocation: Invocation) {
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
    queue: queueOf(world, invocation, (messages) => world.mail.send(messages)),
    deadLetters: queueOf(world, invocation, (messages) => world.mail.bury(messages)),
    clock: world.scheduler,
    stop: stopOf(world, invocation),
    rules: rulesOf(world, invocation),
    policy: {
      optOut: OPT_OUT,
      allowDetach: false,
      launch: [],
      clients: CLIENTS.map(({ rule }) => rule),
      people: [],
      chat: null,
    },
    regionId: REGION_ID,
    ledger: ledgerOf(world, invocation),
    notifier: notifierOf(world, invocation),
    plans: NO_PLANS,
    log,
    sha256: (text: string): Uint8Array => createHash('sha256').update(text).digest(),
  };
}

function errorIn(fields: Readonly<Record<string, unknown>> | undefined): string {
  const error = fields?.['error'];
  return error instanceof Error ? error.message : '';
}

export function isPoison(error: unknown): boolean {
  return error instanceof TypeError && error.message === POISON_ID;
}

function ecsOf({ wire, ecs, referee, weather, random }: World, invocation: Invocation): Ecs {
  const batch = (
    name: string,
    instanceIds: readonly string[],
    effect: () => Promise<CallAnswer>,
  ): Promise<CallAnswer> =>
    wire.send(invocation, {
      name: `${name} ${few(instanceIds)}`,
      toEcs: true,
      effect,
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
    const call = referee.restarts.calling(invocation, how, instanceIds);
    const answer = await batch(how, instanceIds, () => {
      ecs.onAccepted = (instanceId) => referee.restarts.accepted(call, instanceId);
      return how === 'reboot' ? ecs.rebootInstances(instanceIds) : ecs.startInstances(instanceIds);
    });
    referee.restarts.answered(call, answer);
    return answer;
  };
  const seen = <T>(all: readonly T[]): readonly T[] =>
    weather().unseen === 0 ? all : all.filter(() => !random.chance(weather().unseen));
  return {
    describeInstances: (instanceIds) =>
      wire.send(invocation, {
        name: `describe ${few(instanceIds)}`,
        toEcs: true,
        effect: async () => seen(await ecs.describeInstances(instanceIds)),
        tell: (found) => few(found.map((one) => `${one.instanceId}:${one.status}`)),
      }),
    describeGroup: (tagKey, tagValues) =>
      wire.send(invocation, {
        name: `describe group ${tagKey} ${few(tagValues)}`,
        toEcs: true,
        effect: async () => {
          const found = await ecs.describeGroup(tagKey, tagValues);
          referee.claims.groupsDescribed(invocation, found);
          return found;
        },
      }),
    selectInstances: (selector, atMost) =>
      wire.send(invocation, {
        name: `select ${JSON.stringify(selector)}`,
        toEcs: true,
        effect: () => ecs.selectInstances(selector, atMost),
        tell: ({ snapshots }) => few(snapshots.map(({ instanceId }) => instanceId)),
      }),
    findKeyPair: (name) =>
      wire.send(invocation, {
        name: `find key pair ${name}`,
        toEcs: true,
        effect: () => ecs.findKeyPair(name),
      }),
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
    rehearse: (how) =>
      wire.send(invocation, {
        name: `rehearse ${how}`,
        toEcs: true,
        effect: () => ecs.rehearse(),
      }),
  };
}

function rolloutsOf(world: World, invocation: Invocation): Rollouts {
  const { wire, rollouts, referee } = world;
  const plain = <T>(name: string, effect: () => Promise<T>): Promise<T> =>
    wire.send(invocation, { name, toEcs: false, effect });
  return {
    create: (rollout) =>
      wire.send(invocation, {
        name: `create ${rollout.rolloutId.slice(0, 8)}`,
        toEcs: false,
        effect: async (part) => {
          if (part) {
            rollouts.listOnly(rollout.rolloutId, rollout.createdAtMs);
            return 'created';
          }
          const isNew = rollouts.peek(rollout.rolloutId) === undefined;
          const done = rollouts.create(rollout);
          if (isNew) {
            referee.created(rollout);
            reactToNew(world, rollout, invocation);
          }
          return done;
        },
        tell: (result) => result,
      }),
    load: (rolloutId) =>
      plain(`load ${rolloutId.slice(0, 8)}`, async () => {
        if (rolloutId === POISON_ID) throw new TypeError(POISON_ID);
        return rollouts.load(rolloutId);
      }),
    save: (before, after) =>
      wire.send(invocation, {
        name: `save ${after.rolloutId.slice(0, 8)} v${after.version}`,
        toEcs: false,
        effect: async () => {
          const was = rollouts.peek(after.rolloutId);
          const done = rollouts.save(before, after);
          if (was !== undefined && rollouts.peek(after.rolloutId) !== was) {
            referee.saved(was, after, invocation);
            reactTo(world, was, after);
          } else wire.bites.conflicts += 1;
          return done;
        },
        tell: (result) => result,
      }),
    open: () => plain('list open', () => rollouts.open()),
    close: (entry) => plain(`close ${entry.rolloutId.slice(0, 8)}`, () => rollouts.close(entry)),
    reopen: (entry) => plain(`reopen ${entry.rolloutId.slice(0, 8)}`, () => rollouts.reopen(entry)),
    countOpen: (asker, atMost) =>
      plain(`count open of ${asker.client}`, () => rollouts.countOpen(asker, atMost)),
    newest: (limit, after) => plain('list newest', () => rollouts.newest(limit, after)),
  };
}

function memoriesOf({ wire, memories, referee }: World, invocation: Invocation): InstanceMemories {
  const head = <T>(all: readonly T[], part: boolean): readonly T[] =>
    part ? all.slice(0, Math.ceil(all.length / 2)) : all;
  return {
    recall: (instanceIds) =>
      wire.send(invocation, {
        name: `recall ${few(instanceIds)}`,
        toEcs: false,
        effect: () => memories.recall(instanceIds),
      }),
    hold: (rolloutId, instanceIds) =>
      wire.send(invocation, {
        name: `hold ${few(instanceIds)} for ${rolloutId.slice(0, 8)}`,
        toEcs: false,
        effect: (part) => memories.hold(rolloutId, head(instanceIds, part)),
        tell: (taken) => (taken.size === 0 ? 'all' : `taken: ${few([...taken.keys()])}`),
      }),
    release: (rolloutId, remembered) =>
      wire.send(invocation, {
        name: `release ${rolloutId.slice(0, 8)}`,
        toEcs: false,
        effect: (part) => {
          const given = head(remembered, part);
          referee.remembering(rolloutId, given);
          return memories.release(rolloutId, given);
        },
      }),
    claimLaunch: (rolloutId, instanceIds, untilMs, dead) =>
      wire.send(invocation, {
        name: `claim launch of ${few(instanceIds)} for ${rolloutId.slice(0, 8)}`,
        toEcs: false,
        effect: (part) => memories.claimLaunch(rolloutId, head(instanceIds, part), untilMs, dead),
      }),
    witness: (instanceId, atMs) =>
      wire.send(invocation, {
        name: `witness ${instanceId}`,
        toEcs: false,
        effect: () => memories.witness(instanceId, atMs),
      }),
  };
}

function queueOf(
  { wire }: World,
  invocation: Invocation,
  take: (messages: readonly OutMessage[]) => void,
): Queue {
  return {
    send: async (messages) => {
      // The adapter makes no call for nothing.
      if (messages.length === 0) return [];
      return wire.send<readonly (LatchkeyError | undefined)[]>(invocation, {
        name: `send ${messages.length} messages`,
        toEcs: false,
        effect: async (part) => {
          take(part ? messages.slice(0, Math.ceil(messages.length / 2)) : messages);
          return messages.map(() => undefined);
        },
        onError: (error) => messages.map(() => error),
      });
    },
  };
}

function ledgerOf({ wire, ledger }: World, invocation: Invocation): RequestLedger {
  return {
    take: (client, requestId, bodyDigest) =>
      wire.send(invocation, {
        name: `take request ${requestId}`,
        toEcs: false,
        effect: () => ledger.take(client, requestId, bodyDigest),
        tell: (state) => state,
      }),
    finish: (client, requestId) =>
      wire.send(invocation, {
        name: `finish request ${requestId}`,
        toEcs: false,
        effect: () => ledger.finish(client, requestId),
      }),
  };
}

function notifierOf({ wire, notifier, referee }: World, invocation: Invocation): Notifier {
  return {
    deliver: (notice, nowMs) =>
      wire.send<Delivery>(invocation, {
        name: `tell ${notice.channel} of ${notice.kind}, ${notice.attempt}`,
        toEcs: false,
        effect: async () => {
          const delivery = await notifier.deliver(notice, nowMs);
          if (delivery.kind === 'delivered') referee.notices.delivered(notice);
          return delivery;
        },
        // The adapter never rejects.
        onError: ({ message }) => ({ kind: 'failed', why: message, retryAfterMs: null }),
        tell: ({ kind }) => kind,
      }),
  };
}

function stopOf({ wire, stop, referee }: World, invocation: Invocation): GlobalStop {
  return {
    read: () =>
      wire.send(invocation, {
        name: 'read stop',
        toEcs: false,
        effect: async () => {
          referee.claims.stopRead(invocation, stop.value);
          return stop.value;
        },
      }),
    set: (value) =>
      wire.send(invocation, {
        name: value === null ? 'go' : 'stop',
        toEcs: false,
        effect: () => stop.set(value),
      }),
  };
}

/** As it was deployed when the invocation began. */
function rulesOf(world: World, invocation: Invocation): RolloutRules {
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

function gateOf({ wire, referee }: World, gate: HealthGate, invocation: Invocation): HealthGate {
  return {
    ask: (question) =>
      wire.send<GateAnswer>(invocation, {
        name: `gate ${question.phase} wave ${question.wave}`,
        toEcs: false,
        effect: async () => {
          const answer = await gate.ask(question);
          referee.claims.gateAnswered(invocation, question, answer);
          return answer;
        },
        // The adapter never rejects: no answer is `wait`.
        onError: (error) => {
          const answer = { answer: 'wait', reason: error.message } as const;
          referee.claims.gateAnswered(invocation, question, answer);
          return answer;
        },
        tell: ({ answer }) => answer,
      }),
  };
}

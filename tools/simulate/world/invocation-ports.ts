import type { LatchkeyError } from '../../../shared/domain/model/errors.ts';
import type { Ports as AttachPorts } from '../../../functions/attach/handler.ts';
import type { Ports as RestartPorts } from '../../../functions/restart/handler.ts';
import type { OutMessage } from '../../../shared/domain/model/messages.ts';
import type {
  CallAnswer,
  Delivery,
  Ecs,
  GateAnswer,
  HealthGate,
  Rollouts,
} from '../../../shared/domain/model/ports.ts';
import type { Restart, Rollout } from '../../../shared/domain/model/rollout.ts';
import { aPolicy, sha256 } from '../../../test/models/builders.ts';
import type { Invocation } from './invocation.ts';
import { CLIENTS } from './clients.ts';
import { REGION_ID } from './fleet.ts';
import { few } from './story.ts';
import type { Call } from './wire.ts';
import type { ModelCloud } from './model-cloud.ts';
import type { Referee } from '../referees/referee.ts';

/** A row that the code cannot read. It must not keep the others from being carried on. */
export const POISON_ID = 'ro-unreadable';

export function isPoison(error: unknown): boolean {
  return error instanceof TypeError && error.message === POISON_ID;
}

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

/** One call of a port. @param more how an answer may be spoilt or told, and what an error becomes */
type CallOver = <T>(
  name: string,
  effect: Call<T>['effect'],
  more?: Pick<Call<T>, 'spoil' | 'onError' | 'tell'>,
) => Promise<T>;

const short = (rolloutId: string) => rolloutId.slice(0, 8);
const asIs = (result: string) => result;
/** The first half, when only a part of a call takes effect. */
const head = <T>(all: readonly T[], part: boolean): readonly T[] =>
  part ? all.slice(0, Math.ceil(all.length / 2)) : all;

/** The ports of one invocation. Every call goes over the wire, and the referee sees its effect. */
export function portsOf(world: Behind, invocation: Invocation): AttachPorts & RestartPorts {
  const { wire, memories, ledger, notifier, stop, referee, story, gate, policy } = world;
  const over =
    (toEcs: boolean): CallOver =>
    (name, effect, more) =>
      wire.send(invocation, { name, toEcs, effect, ...more });
  const call = over(false);
  const queue = (take: (messages: readonly OutMessage[]) => void) => ({
    send: async (messages: readonly OutMessage[]) => {
      // The adapter makes no call when there is nothing to send.
      if (messages.length === 0) return [];
      return call<readonly (LatchkeyError | undefined)[]>(
        `send ${messages.length} messages`,
        async (part) => {
          take(head(messages, part));
          return messages.map(() => undefined);
        },
        { onError: (error) => messages.map(() => error) },
      );
    },
  });
  const healthGate: HealthGate | null = gate && {
    ask: (question) =>
      call<GateAnswer>(
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
  return {
    ecs: ecsOf(world, invocation, over(true)),
    rollouts: rolloutsOf(world, invocation, call),
    memories: {
      recall: (ids) => call(`recall ${few(ids)}`, () => memories.recall(ids)),
      hold: (rolloutId, ids) =>
        call(
          `hold ${few(ids)} for ${short(rolloutId)}`,
          (part) => memories.hold(rolloutId, head(ids, part)),
          { tell: (taken) => (taken.size === 0 ? 'all' : `taken: ${few([...taken.keys()])}`) },
        ),
      release: (rolloutId, remembered) =>
        call(`release ${short(rolloutId)}`, (part) => {
          const given = head(remembered, part);
          referee.remembering(rolloutId, given);
          return memories.release(rolloutId, given);
        }),
      claimLaunch: (rolloutId, ids, untilMs, dead) =>
        call(`claim launch of ${few(ids)} for ${short(rolloutId)}`, (part) =>
          memories.claimLaunch(rolloutId, head(ids, part), untilMs, dead),
        ),
      witness: (id, atMs) => call(`witness ${id}`, () => memories.witness(id, atMs)),
    },
    queue: queue(world.reactions.sent),
    deadLetters: queue(() => {}),
    clock: world.scheduler,
    stop: {
      read: () =>
        call('read stop', async () => {
          referee.claims.stopRead(invocation, stop.value);
          return stop.value;
        }),
      set: (value) => call(value === null ? 'go' : 'stop', () => stop.set(value)),
    },
    // The rules that were deployed when the invocation began.
    rules: {
      scheduleOf: () => world.schedule,
      hasGate: () => gate !== null,
      gateOf: () => healthGate,
      revoked: policy.revokedAt(invocation.startedMs),
      channels: policy.channels,
    },
    clients: CLIENTS,
    policy: aPolicy({ clients: CLIENTS.map(({ rule }) => rule) }),
    regionId: REGION_ID,
    ledger: {
      take: (client, id, digest) =>
        call(`take request ${id}`, () => ledger.take(client, id, digest), { tell: asIs }),
      finish: (client, id) => call(`finish request ${id}`, () => ledger.finish(client, id)),
    },
    notifier: {
      deliver: (notice, nowMs) =>
        call<Delivery>(
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
    },
    // No dry runs here.
    plans: { remember: async () => {}, recall: async () => undefined },
    log: (level, event, fields) => {
      const error = fields?.['error'];
      if (event === 'bug' && !isPoison(error)) referee.fail(`a bug was logged: ${String(error)}`);
      const why = error instanceof Error ? error.message : '';
      story.tell(() => `${invocation.id}  log ${level} ${event} ${why}`);
    },
    sha256,
  };
}

function ecsOf(world: Behind, invocation: Invocation, call: CallOver): Ecs {
  const { ecs, referee, weather, random } = world;
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

function rolloutsOf(world: Behind, invocation: Invocation, call: CallOver): Rollouts {
  const { wire, rollouts, referee, reactions } = world;
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
        { tell: asIs },
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
        { tell: asIs },
      ),
    open: () => call('list open', () => rollouts.open()),
    close: (entry) => call(`close ${short(entry.rolloutId)}`, () => rollouts.close(entry)),
    reopen: (entry) => call(`reopen ${short(entry.rolloutId)}`, () => rollouts.reopen(entry)),
    countOpen: (asker, atMost) =>
      call(`count open of ${asker.client}`, () => rollouts.countOpen(asker, atMost)),
    newest: (limit, after) => call('list newest', () => rollouts.newest(limit, after)),
  };
}

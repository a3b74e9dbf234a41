import { ask } from '../../shared/domain/rollouts/ask.ts';
import type { Answer } from '../../shared/domain/rollouts/ask-ports.ts';
import type { Invocation } from '../../shared/domain/rollouts/carry-out.ts';
import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import { letGo, seeStop, stopAll } from '../../shared/domain/rollouts/global-stop.ts';
import type { RequestLedger } from '../../shared/domain/model/ports.ts';
import type { Origin } from '../../shared/domain/model/request.ts';
import { ROLLOUT_ID } from '../../shared/domain/model/ids.ts';
import type { Rollout } from '../../shared/domain/model/rollout.ts';
import {
  carryOutCommand,
  type CommandPorts,
} from '../../shared/domain/rollouts/carry-out-command.ts';
import { undo } from '../../shared/domain/rollouts/undo.ts';
import { type HttpReply, json } from '../../shared/inbound/fc.ts';
import { type Caller, commandOf, nameOf } from './client.ts';
import { listRollouts } from './list.ts';
import { viewPlan, viewRollout } from './view.ts';
import type { SeenWanted, Wanted } from './wanted.ts';

export interface ServePorts extends CommandPorts {
  readonly ledger: RequestLedger;
}

/** Who asks, and how often before. */
export interface Asked {
  readonly caller: Caller;
  /** SHA-256 of the body. */
  readonly bodyDigest: string;
  /** Whether this very request was carried out before: then it only shows how things are. */
  readonly isDone: boolean;
}

/** Does what was asked for by somebody who may, and answers. */
export async function serve(
  wanted: Wanted,
  { caller, bodyDigest, isDone }: Asked,
  ports: ServePorts,
  invocation: Invocation,
): Promise<HttpReply> {
  const { client, requestId } = caller;
  const view = viewIn(ports);
  const origin: Origin = {
    door: 'webhook',
    client: client.id,
    idempotencyKey: requestId,
    bodyDigest,
    ...(client.person === null ? {} : { person: client.person }),
  };
  /** At most once, as far as anybody knows: what is unfinished is safe to repeat. */
  const once = async <T>(act: () => Promise<T>, see: () => Promise<T>): Promise<T> => {
    if (isDone) return see();
    const done = await act();
    await ports.ledger.finish(client.id, requestId);
    return done;
  };
  switch (wanted.kind) {
    case 'list':
    case 'see':
    case 'see-stop':
      return serveSeen(wanted, ports);
    case 'describe':
      return json(200, await apiDocument());
    case 'ask': {
      const { request } = wanted;
      return answered(await ask(request, origin, ports, invocation, { client }), view);
    }
    case 'undo': {
      const { rolloutId, dryRun, breakGlass } = wanted;
      const options = { dryRun, breakGlass, client };
      await load(rolloutId, 'undo', ports);
      return answered(await undo(rolloutId, origin, options, ports, invocation), view);
    }
    case 'control': {
      const command = commandOf(wanted.wish, client);
      const rollout = await load(wanted.rolloutId, command.kind, ports);
      const after = await once(
        () => carryOutCommand(rollout, command, nameOf(caller), ports, invocation),
        async () => rollout,
      );
      return json(200, view(after));
    }
    case 'stop': {
      const { reason } = wanted;
      const stop = () => stopAll(nameOf(caller), reason, ports);
      return json(200, await once(stop, () => seeStop(ports)));
    }
    case 'go':
      return json(
        200,
        await once(
          () => letGo(ports),
          () => seeStop(ports),
        ),
      );
  }
}

/** Shows, and changes nothing. */
export async function serveSeen(wanted: SeenWanted, ports: ServePorts): Promise<HttpReply> {
  switch (wanted.kind) {
    case 'list':
      return json(200, await listRollouts(wanted, ports.rollouts));
    case 'see':
      return json(200, viewIn(ports)(await load(wanted.rolloutId, 'show', ports)));
    case 'see-stop':
      return json(200, await seeStop(ports));
  }
}

function viewIn({ clock, rules }: ServePorts) {
  return (rollout: Rollout) =>
    viewRollout(rollout, { nowMs: clock.nowMs(), hasGate: rules.hasGate(rollout.origin) });
}

/** Made when it is asked for: a hundred kilobytes of it would slow every cold start down. */
async function apiDocument(): Promise<unknown> {
  const { default: document } = await import('../../openapi.json', { with: { type: 'json' } });
  return document;
}

function answered(given: Answer, view: (rollout: Rollout) => object): HttpReply {
  if (given.kind === 'dry-run') return json(200, viewPlan(given));
  return json(given.rollout.phase === 'done' ? 200 : 202, view(given.rollout));
}

async function load(
  rolloutId: string,
  verb: string,
  { rollouts }: Pick<ServePorts, 'rollouts'>,
): Promise<Rollout> {
  const rollout = ROLLOUT_ID.test(rolloutId) ? await rollouts.load(rolloutId) : undefined;
  if (rollout !== undefined) return rollout;
  const detail = `"${rolloutId.slice(0, 100)}": no such rollout`;
  throw new LatchkeyError('not-found', `Cannot ${verb} ${detail}`);
}

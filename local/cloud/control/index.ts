import type { LaunchCall } from '../ecs/index.ts';
import { FaultError } from '../kernel/faults.ts';
import { json } from '../../http/json.ts';
import type { WireReply, WireRequest } from '../../http/wire.ts';
import { readLaunch } from './read-launch.ts';

/** The functions that the control API calls. */
export interface ControlPorts {
  readonly state: () => unknown;
  /** @throws {FaultError} */
  readonly replaceFaults: (faults: readonly unknown[]) => void;
  readonly faults: () => unknown;
  /** @throws an error named SeedError for an invalid fleet */
  readonly seed: (fleet: unknown) => unknown;
  /** @throws an error named EcsError for a launch that ECS refuses */
  readonly launch: (call: LaunchCall) => unknown;
  /** Advances the clock and returns the new time; undefined where time is real. */
  readonly advance: ((ms: number) => number) | undefined;
}

type Answer = (ports: ControlPorts, request: WireRequest) => WireReply;

const ROUTES: Readonly<Record<string, Readonly<Record<string, Answer>>>> = {
  '/state': { GET: (ports) => json(200, ports.state()) },
  '/faults': { GET: (ports) => json(200, ports.faults()), PUT: putFaults },
  '/seed': { POST: postSeed },
  '/launch': { POST: postLaunch },
  '/clock': { POST: postClock },
};

/** The control API of the local cloud, for tests and tools. Requests are not signed, because it listens on loopback only. */
export function control(ports: ControlPorts): (request: WireRequest) => Promise<WireReply> {
  return async (request) => {
    const route = ROUTES[request.path];
    if (route === undefined) {
      return problem(
        404,
        `Cannot find "${request.path}": it must be one of ${Object.keys(ROUTES).join(', ')}`,
      );
    }
    const answer = route[request.method];
    if (answer !== undefined) return answer(ports, request);
    const allow = Object.keys(route).join(', ');
    const reply = problem(
      405,
      `Cannot ${request.method} "${request.path}": only ${allow} is allowed`,
    );
    return { ...reply, headers: { ...reply.headers, allow } };
  };
}

/** Replaces all faults by those of the array, or of `{ "faults": [...] }`. */
function putFaults(ports: ControlPorts, { body }: WireRequest): WireReply {
  const value = parse(body);
  if (value === undefined) return notJson();
  const faults = Array.isArray(value) ? value : (value as { faults?: unknown } | null)?.faults;
  if (!Array.isArray(faults)) {
    return problem(400, 'Cannot set faults: neither an array nor an object with "faults"');
  }
  try {
    ports.replaceFaults(faults);
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    return problem(400, error.message);
  }
  return json(200, ports.faults());
}

function postSeed(ports: ControlPorts, { body }: WireRequest): WireReply {
  const fleet = parse(body);
  if (fleet === undefined) return notJson();
  try {
    return json(200, ports.seed(fleet));
  } catch (error) {
    if ((error as Error).name !== 'SeedError') throw error;
    return problem(400, (error as Error).message);
  }
}

function postLaunch(ports: ControlPorts, { body }: WireRequest): WireReply {
  const value = parse(body);
  if (value === undefined) return notJson();
  const launch = readLaunch(value);
  if (typeof launch === 'string') return problem(400, `Cannot launch: ${launch}`);
  try {
    return json(200, ports.launch(launch));
  } catch (error) {
    if ((error as Error).name !== 'EcsError') throw error;
    return problem(400, `Cannot launch: ${(error as Error).message}`);
  }
}

function postClock({ advance }: ControlPorts, { body }: WireRequest): WireReply {
  const value = parse(body);
  if (value === undefined) return notJson();
  const advanceMs = (value as { advanceMs?: unknown } | null)?.advanceMs;
  if (typeof advanceMs !== 'number' || !Number.isFinite(advanceMs) || advanceMs < 0) {
    return problem(400, 'Cannot move the clock: "advanceMs" must be a number from 0');
  }
  if (advance === undefined) {
    return problem(
      409,
      'Cannot move the clock: functions run in processes of their own, so time is real',
    );
  }
  return json(200, { nowMs: advance(advanceMs) });
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

function notJson(): WireReply {
  return problem(400, 'Cannot read the body: it is not JSON');
}

function problem(status: number, detail: string): WireReply {
  return json(status, { status, detail }, { 'content-type': 'application/problem+json' });
}

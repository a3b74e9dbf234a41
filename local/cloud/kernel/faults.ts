/**
 * The faults in force. They are deterministic: each counts the calls that it matches, strikes from the `nth`
 * on, every one or one in `every`, and is spent after `times` strikes.
 */

/** Which calls a fault matches. */
interface FaultTarget {
  /** A service, or '*' for all. */
  readonly service: string;
  /** An action of that service, `Deliver` (queue and event deliveries), or '*' for all. */
  readonly action: string;
  /** Only calls made by instances of this function, or deliveries to it. */
  readonly function?: string;
  /** Only deliveries by this trigger, by its name in `s.yaml`. */
  readonly trigger?: string;
  /** The first matching call that is struck, counted from 1. Default 1. */
  readonly nth?: number;
  /** How many calls are struck, one after the other. Default 1. */
  readonly times?: number;
  /** From the `nth` call on, only one in `every` calls is struck. Default 1: all. */
  readonly every?: number;
  /** Before the action has any effect (default), or after it. */
  readonly when?: 'before' | 'after';
}

export type FaultKind =
  /** The call and all further calls of the action are refused until the next minute begins. */
  | { readonly kind: 'throttle' }
  | {
      readonly kind: 'error';
      readonly code: string;
      readonly message?: string;
      readonly status?: number;
    }
  /** The connection is reset. */
  | { readonly kind: 'reset' }
  /** No answer. The caller times out. */
  | { readonly kind: 'silence' }
  | { readonly kind: 'late'; readonly delayMs: number }
  /** 502 with an HTML body, as from a proxy in between. */
  | { readonly kind: 'html502' }
  /** 200 with a body cut in the middle. */
  | { readonly kind: 'malformed' }
  /** 200 with `{}`. */
  | { readonly kind: 'empty' }
  /** Batch calls: carried out, but these instances are missing in the answer. */
  | { readonly kind: 'leave-out'; readonly instanceIds: readonly string[] }
  /** Batch calls: these instances fail, the others do not. */
  | {
      readonly kind: 'instance-failure';
      readonly instanceIds: readonly string[];
      readonly code: string;
      readonly message?: string;
    }
  /** Deliveries (action `Deliver`): delivered `copies` times in all, last first, or late. */
  | { readonly kind: 'duplicate'; readonly copies?: number }
  | { readonly kind: 'reorder' }
  | { readonly kind: 'delay'; readonly delayMs: number }
  /** Each copy comes a random time later, up to `delayMs`: late and in any order. */
  | { readonly kind: 'scatter'; readonly delayMs: number }
  /** SIGKILL for the function instance that makes the call. */
  | { readonly kind: 'kill' };

export type Fault = FaultTarget & FaultKind;

/** The changes to a batch answer that the faults require. */
export interface Spoil {
  readonly leaveOut: ReadonlySet<string>;
  readonly fail: ReadonlyMap<string, { readonly code: string; readonly message: string }>;
}

export const NO_SPOIL: Spoil = { leaveOut: new Set(), fail: new Map() };

export class FaultError extends Error {
  override readonly name = 'FaultError';
}

const KINDS: ReadonlySet<string> = new Set([
  'throttle',
  'error',
  'reset',
  'silence',
  'late',
  'html502',
  'malformed',
  'empty',
  'leave-out',
  'instance-failure',
  'duplicate',
  'reorder',
  'delay',
  'scatter',
  'kill',
]);
const KEYS: ReadonlySet<string> = new Set([
  'service',
  'action',
  'function',
  'trigger',
  'nth',
  'times',
  'every',
  'when',
  'kind',
  'code',
  'message',
  'status',
  'delayMs',
  'copies',
  'instanceIds',
]);
const NEEDS: Readonly<Record<string, string>> = {
  error: 'code',
  late: 'delayMs',
  delay: 'delayMs',
  scatter: 'delayMs',
  'leave-out': 'instanceIds',
  'instance-failure': 'instanceIds',
};
const DELIVERY_KINDS: ReadonlySet<string> = new Set(['duplicate', 'reorder', 'delay', 'scatter']);

export class FaultBook {
  readonly #actions = new Map<string, ReadonlySet<string>>();
  #faults: { readonly fault: Fault; seen: number; struck: number }[] = [];

  /** Registers the actions of a service that faults may name. */
  register(service: string, actions: Iterable<string>): void {
    this.#actions.set(service, new Set(actions));
  }

  /**
   * Replaces all faults.
   *
   * @throws {FaultError} for an unknown service, action, kind or field; nothing is changed then
   */
  replace(faults: readonly unknown[]): void {
    this.#faults = faults.map((fault, index) => ({
      fault: this.#checked(fault, index),
      seen: 0,
      struck: 0,
    }));
  }

  /** The faults that strike this call. Each counts the strike. */
  strike(
    service: string,
    action: string,
    functionName: string | undefined,
    trigger?: string,
  ): Fault[] {
    const striking: Fault[] = [];
    for (const entry of this.#faults) {
      const { fault } = entry;
      if (fault.service !== '*' && fault.service !== service) continue;
      if (fault.action !== '*' && fault.action !== action) continue;
      if (fault.action === '*' && action === 'Deliver') continue;
      if (fault.function !== undefined && fault.function !== functionName) continue;
      if (fault.trigger !== undefined && fault.trigger !== trigger) continue;
      entry.seen += 1;
      const since = entry.seen - (fault.nth ?? 1);
      if (since < 0 || entry.struck >= (fault.times ?? 1)) continue;
      if (since % (fault.every ?? 1) !== 0) continue;
      entry.struck += 1;
      striking.push(fault);
    }
    return striking;
  }

  toJSON(): unknown {
    return this.#faults.map(({ fault, seen, struck }) => ({ ...fault, seen, struck }));
  }

  #checked(value: unknown, index: number): Fault {
    const refuse = (why: string): never => {
      throw new FaultError(`Cannot set fault ${index}: ${why}`);
    };
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return refuse('not an object');
    }
    const fault = value as Record<string, unknown>;
    for (const key of Object.keys(fault)) if (!KEYS.has(key)) refuse(`unknown field "${key}"`);
    const { service, action, kind } = fault;
    if (typeof service !== 'string' || typeof action !== 'string') {
      return refuse('"service" and "action" must be given');
    }
    if (typeof kind !== 'string' || !KINDS.has(kind)) {
      return refuse(`unknown kind "${String(kind)}": one of ${[...KINDS].join(', ')}`);
    }
    if (service !== '*' && !this.#actions.has(service)) {
      refuse(`unknown service "${service}": one of *, ${[...this.#actions.keys()].join(', ')}`);
    }
    const known =
      service === '*'
        ? [...this.#actions.values()].some((actions) => actions.has(action))
        : this.#actions.get(service)?.has(action);
    if (action !== '*' && known !== true) refuse(`unknown action "${action}" of "${service}"`);
    for (const key of ['nth', 'times', 'every', 'copies']) {
      const n = fault[key];
      if (n !== undefined && !(Number.isInteger(n) && (n as number) >= 1)) {
        refuse(`"${key}" must be a whole number from 1`);
      }
    }
    if (fault['when'] !== undefined && fault['when'] !== 'before' && fault['when'] !== 'after') {
      refuse('"when" must be "before" or "after"');
    }
    const needed = NEEDS[kind];
    if (needed !== undefined && fault[needed] === undefined) refuse(`"${needed}" must be given`);
    if (
      fault['delayMs'] !== undefined &&
      !(typeof fault['delayMs'] === 'number' && fault['delayMs'] >= 0)
    ) {
      refuse('"delayMs" must be a number from 0');
    }
    if (DELIVERY_KINDS.has(kind) !== (action === 'Deliver')) {
      refuse(`kind "${kind}" does not go with action "${action}"`);
    }
    if (service !== 'eventbridge') {
      if (kind === 'scatter') refuse(`kind "${kind}" goes with service "eventbridge" only`);
      if (fault['trigger'] !== undefined) {
        refuse('"trigger" goes with service "eventbridge" only');
      }
    }
    return fault as unknown as Fault;
  }
}

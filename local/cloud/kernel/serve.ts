import { listen, type Listening } from '../../http/listen.ts';
import type { NoReply, WireReply, WireRequest } from '../../http/wire.ts';
import { type Fault, NO_SPOIL, type Spoil } from './faults.ts';
import type { Kernel } from './kernel.ts';
import type { Service } from './service.ts';

/**
 * Serves one service on a loopback port.
 *
 * @param port 0 picks a free one
 * @throws `EADDRINUSE` and its like, as `listen` reports them
 */
export function serve(kernel: Kernel, service: Service, port: number): Promise<Listening> {
  kernel.faults.register(service.name, [...service.actions, 'Deliver']);
  const throttledUntilMs = new Map<string, number>();
  return listen(port, (request) => carryOut(kernel, service, throttledUntilMs, request));
}

/** Counts the call, applies the faults in force, and carries it out. */
async function carryOut(
  kernel: Kernel,
  service: Service,
  throttledUntilMs: Map<string, number>,
  request: WireRequest,
): Promise<WireReply | NoReply> {
  const action = service.actionOf(request);
  if (action !== '') kernel.calls.count(service.name, action);
  const accessKeyId = service.accessKeyOf(request);
  const caller =
    accessKeyId === undefined ? undefined : kernel.account.find(accessKeyId)?.functionInstance;
  const faults =
    action === '' ? [] : kernel.faults.strike(service.name, action, caller?.functionName);
  const kill = () => {
    if (caller !== undefined) kernel.killInstance(caller.instanceId);
  };

  if (kernel.settings.latencyMs > 0) await pause(kernel, kernel.settings.latencyMs);
  for (const fault of faults) {
    if (fault.when === 'after') continue;
    const struck = await strike(kernel, service, action, throttledUntilMs, fault, kill);
    if (struck !== undefined) return struck;
  }
  if (kernel.clock.nowMs() < (throttledUntilMs.get(action) ?? 0)) {
    return service.errorReply(service.throttled);
  }
  const answer = await service.handle(request, spoilOf(faults));
  for (const fault of faults) {
    if (fault.when !== 'after') continue;
    const struck = await strike(kernel, service, action, throttledUntilMs, fault, kill);
    if (struck !== undefined) return struck;
  }
  return answer;
}

/** The reply that replaces the answer; undefined when the call continues. */
async function strike(
  kernel: Kernel,
  service: Service,
  action: string,
  throttledUntilMs: Map<string, number>,
  fault: Fault,
  kill: () => void,
): Promise<WireReply | NoReply | undefined> {
  switch (fault.kind) {
    case 'throttle': {
      const { minuteMs } = kernel.settings;
      const nextMinuteMs = (Math.floor(kernel.clock.nowMs() / minuteMs) + 1) * minuteMs;
      throttledUntilMs.set(action, nextMinuteMs);
      return service.errorReply(service.throttled);
    }
    case 'error':
      return service.errorReply({
        status: fault.status ?? 500,
        code: fault.code,
        message: fault.message ?? 'A fault of the local cloud.',
      });
    case 'reset':
      return 'reset';
    case 'silence':
      return 'silence';
    case 'late':
      await pause(kernel, fault.delayMs);
      return undefined;
    case 'html502':
      return {
        status: 502,
        headers: { 'content-type': 'text/html' },
        body: '<html><body><h1>502 Bad Gateway</h1></body></html>',
      };
    case 'malformed':
      return {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: '{"RequestId":"cut',
      };
    case 'empty':
      return { status: 200, headers: { 'content-type': 'application/json' }, body: '{}' };
    case 'kill':
      kill();
      return 'reset';
    case 'leave-out':
    case 'instance-failure':
    case 'duplicate':
    case 'reorder':
    case 'delay':
    case 'scatter':
      return undefined;
  }
}

function spoilOf(faults: readonly Fault[]): Spoil {
  if (faults.length === 0) return NO_SPOIL;
  const leaveOut = new Set<string>();
  const fail = new Map<string, { code: string; message: string }>();
  for (const fault of faults) {
    if (fault.kind === 'leave-out') for (const id of fault.instanceIds) leaveOut.add(id);
    if (fault.kind !== 'instance-failure') continue;
    const message = fault.message ?? 'A fault of the local cloud.';
    for (const id of fault.instanceIds) fail.set(id, { code: fault.code, message });
  }
  return { leaveOut, fail };
}

function pause(kernel: Kernel, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    kernel.clock.after(delayMs, resolve);
  });
}

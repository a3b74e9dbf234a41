import type { Kernel } from '../../kernel/kernel.ts';
import type { VendorError } from '../../kernel/vendor-error.ts';
import type { Answer } from '../action.ts';
import type { Caller } from '../requests/caller.ts';
import { envelope } from './envelope.ts';
import { jsonStrings } from '../requests/parameters.ts';
import { CALL_PARAMETERS } from '../requests/rpc-request.ts';

type Scalar = string | number | boolean;

/** One signed call of a Write action. */
export interface TrailedCall {
  readonly actionName: string;
  readonly requestId: string;
  readonly caller: Caller;
  /** By full name, as strings. */
  readonly given: ReadonlyMap<string, string>;
  /** The same values in their own types, as far as they could be read. */
  readonly scalars: ReadonlyMap<string, Scalar>;
  readonly result: { readonly answer: Answer } | { readonly error: VendorError };
}

/** What must not be recorded by ActionTrail. */
const SECRET_PARAMETERS: ReadonlySet<string> = new Set(['Password']);
const SECRET_ANSWERS: ReadonlySet<string> = new Set(['PrivateKeyBody']);

/**
 * Publishes the ActionTrail event of a call. A dry run is recorded as a failed call, because it ends with an
 * error code. Not verified: whether the real ActionTrail records dry runs.
 */
export function trailCall(kernel: Kernel, call: TrailedCall): void {
  const { settings, account } = kernel;
  const { caller, requestId, actionName, result } = call;
  const requestParameters = parametersOf(call);
  const answer = 'answer' in result ? result.answer : undefined;
  const instanceIds = instanceIdsOf(call.given, answer);
  const imageId = call.given.get('ImageId');
  const eventTime = `${new Date(kernel.clock.nowMs()).toISOString().slice(0, 19)}Z`;
  const data = {
    acsRegion: settings.regionId,
    apiVersion: caller.eventType === 'ConsoleOperation' ? '*' : '2014-05-26',
    eventCategory: 'Management',
    eventId: requestId,
    eventName: actionName,
    eventRW: 'Write',
    eventSource: `ecs-${settings.regionId}.aliyuncs.com`,
    eventTime,
    eventType: caller.eventType,
    eventVersion: '1',
    recipientAccountId: account.id,
    referencedResources: {
      ...(instanceIds.length > 0 && { 'ACS::ECS::Instance': instanceIds }),
      ...(imageId !== undefined && { 'ACS::ECS::Image': [imageId] }),
    },
    requestId,
    requestParameters,
    ...(answer && { responseElements: { RequestId: requestId, ...withoutSecrets(answer) } }),
    ...('error' in result && {
      errorCode: result.error.code,
      errorMessage: result.error.message,
    }),
    serviceName: 'Ecs',
    sourceIpAddress: caller.sourceIp,
    userAgent: caller.userAgent,
    userIdentity: caller.userIdentity(eventTime),
  };
  const type = `ecs:ActionTrail:${caller.eventType}`;
  const about = `instance/${instanceIds[0] ?? '*'}`;
  kernel.publish(envelope(kernel, { id: requestId, type, about, data }));
}

function parametersOf({ given, scalars }: TrailedCall): Record<string, Scalar> {
  const parameters: Record<string, Scalar> = {};
  for (const [name, value] of [...given, ...scalars]) {
    if (CALL_PARAMETERS.has(name)) continue;
    parameters[name] = SECRET_PARAMETERS.has(name) ? '******' : value;
  }
  return parameters;
}

function withoutSecrets(answer: Answer): Answer {
  return Object.fromEntries(Object.entries(answer).filter(([name]) => !SECRET_ANSWERS.has(name)));
}

/** The instances of a call: those that it names and those that it created. */
function instanceIdsOf(given: ReadonlyMap<string, string>, answer: Answer | undefined): string[] {
  const ids = new Set<string>();
  for (const [name, value] of given) {
    if (/^InstanceId(\.\d+)?$/.test(name)) ids.add(value);
    if (name === 'InstanceIds') for (const id of jsonStrings(value) ?? []) ids.add(id);
    if (/^ResourceId\.\d+$/.test(name) && given.get('ResourceType') === 'instance') ids.add(value);
  }
  const made = answer?.['InstanceId'];
  if (typeof made === 'string') ids.add(made);
  const sets = answer?.['InstanceIdSets'] as { InstanceIdSet: string[] } | undefined;
  for (const id of sets?.InstanceIdSet ?? []) ids.add(id);
  return [...ids];
}

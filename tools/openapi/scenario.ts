import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import type { NoticeMessage } from '../../shared/domain/model/notice-message.ts';
import { exampleFleet, ID, WEB } from './fleet.ts';
import { operationFor } from './operations.ts';
import { type ExampleRequest, ExampleService, type Who } from './service.ts';

/** A request of the document, and what the service answered to it. */
export interface Example {
  readonly operationId: string;
  readonly name: string;
  readonly summary: string;
  readonly request: ExampleRequest;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly answer: unknown;
}

type Sending = Partial<Pick<ExampleRequest, 'who' | 'id' | 'contentType'>> & {
  /** Where the method is not one of the API. */
  readonly operationId?: string;
};

const REGION = { regionId: 'cn-hangzhou', keyPairName: 'ops-2026' };
const TOO_LARGE_BYTES = 65_537;

/** One day at the webhook: all that can be answered, and what a channel is told meanwhile. */
export async function playExamples(): Promise<{
  readonly examples: readonly Example[];
  readonly notices: readonly NoticeMessage[];
}> {
  const service = new ExampleService(exampleFleet());
  const book = new Book(service);
  for (const scene of [asking, controlling, looking, refused, failing]) await scene(book);
  return { examples: book.examples, notices: service.notices() };
}

async function asking({ ask }: Book): Promise<void> {
  const web = { instanceIds: WEB, restart: 'auto' };
  const plan = await ask('plan', 'The plan, and nothing else', { ...web, dryRun: true });
  await ask('planBySelector', 'The plan for what a selector finds', {
    selector: { tags: { team: 'web' }, keyPairName: 'ops-2025' },
    restart: 'auto',
    dryRun: true,
  });
  const rotate = { ...web, expectedPlanDigest: plan['planDigest'], note: 'rotation 2026-Q4' };
  const used = { id: 'msg_rotate' };
  await ask('rotate', 'As planned: bound now, restarted in waves', rotate, used);
  const others = { instanceIds: [ID.single, ID.nobody, ID.office], restart: 'never' };
  await ask('attachOnly', 'Bind and restart nothing', others);
  await ask('planChanged', 'Another plan than the one that was seen', rotate);
  const other = { ...rotate, note: 'another body' };
  await ask('idTaken', 'Another request under a used id', other, used);
}

async function controlling({ ask, get, post, service, examples }: Book): Promise<void> {
  const idOf = (name: string) => {
    const { answer } = examples.find((each) => each.name === name)!;
    return String((answer as { rolloutId: unknown }).rolloutId);
  };
  const control = (
    name: string,
    summary: string,
    rolloutId: string,
    action: string,
    fields: object = {},
    who: Who = 'ci',
  ) => {
    const body = { rolloutId, action, ...fields };
    return post(name, summary, `/rollouts/${rolloutId}/${action}`, body, { who });
  };
  const rotation = idOf('rotate');
  await control('pause', 'Start no other wave', rotation, 'pause');
  await control('resume', 'Go on', rotation, 'resume');
  await control('nothingToApprove', 'It waits for nobody', rotation, 'deny');
  await control('abort', 'Restart no other', rotation, 'abort');
  await control('planUndo', 'What an undo would do', rotation, 'undo', { dryRun: true });
  await control('undo', 'Take it back', rotation, 'undo');

  const careful = { restart: 'auto', startStopped: true, approveWithinSeconds: 3_600 };
  const waiting = await ask('needsApproval', 'Nothing before somebody approves', {
    ...careful,
    instanceIds: [ID.batch],
  });
  const id = String(waiting['rolloutId']);
  const { planDigest } = waiting;
  const own = 'Nobody approves what it asked for itself';
  await control('approveOwn', own, id, 'approve', { planDigest });
  await control('approve', 'Let it begin', id, 'approve', { planDigest }, 'approver');
  const optedOut = { ...careful, instanceIds: [ID.keptBack] };
  const kept = await ask('optedOut', 'An instance whose own tag is against restarts', optedOut);
  await control('deny', 'Do nothing', String(kept['rolloutId']), 'deny', {}, 'approver');

  const breakGlass = 'incident 4711: the old key leaked';
  const urgent = { restart: 'auto', breakGlass, instanceIds: [ID.urgent] };
  await ask('breakGlass', 'Past window, freezes and approval', urgent);

  const both = { instanceIds: [ID.stuck, ID.behindIt], restart: 'auto' };
  const stuck = await ask('stuck', 'One that will not restart', both);
  const stuckId = String(stuck['rolloutId']);
  service.lock(ID.stuck);
  await service.wake(stuckId);
  await get('halted', 'Halted by a failed restart', `/rollouts/${stuckId}`);
  const settled = { as: 'skip', instanceIds: [ID.stuck] };
  await control('resolve', 'Leave it as it is', stuckId, 'resolve', settled);

  const stop = { action: 'stop', reason: 'incident 4711' };
  await post('stop', 'Hold every rollout', '/stop', stop);
}

async function looking({ get, post }: Book): Promise<void> {
  await get('stopped', 'Everything is held', '/stop');
  await post('go', 'Let every rollout go on', '/go', { action: 'go' });
  await get('firstPage', 'The newest two', '/rollouts', { limit: '2' });
  await get('healthy', 'Alive', '/healthz');
}

async function refused({ ask, get, post, send }: Book): Promise<void> {
  const web = { instanceIds: WEB, restart: 'auto' };
  await post('notJson', 'Not JSON', '/rollouts', '{"regionId":');
  await post('keyTwice', 'A key that is there twice', '/rollouts', '{"a":1,"a":2}');
  await get('unsigned', 'No known secret', '/rollouts', {}, { who: 'stranger' });
  const foreign = { ...web, keyPairName: 'lab' };
  await ask('notAllowed', 'A key pair that the client may not use', foreign);
  await get('noSuchRollout', 'No such rollout', '/rollouts/ro-abcdefghijklmnopqrstuvwxyz');
  const method = { operationId: 'checkHealth' };
  const remove = { method: 'DELETE', path: '/healthz' } as const;
  await send('otherMethod', 'A method that is not served', remove, method);
  await post('tooLarge', 'A body of more than 64 KB', '/rollouts', ' '.repeat(TOO_LARGE_BYTES));
  await ask('notDeclaredJson', 'Another content type', web, { contentType: 'text/plain' });
  const faulty = { ...web, restart: 'yes', instanceIds: [...WEB, 'web-1'], force: true };
  await ask('notValid', 'Every fault, with its pointer', faulty);
  const small = { instanceIds: [ID.small], restart: 'auto' };
  const again = { who: 'small' } as const;
  await ask('oneOpen', 'The only rollout that this client may have open', small, again);
  await ask('tooMany', 'Too many unfinished rollouts', small, again);
}

async function failing({ ask, service }: Book): Promise<void> {
  const failed = (name: string, summary: string, trouble: LatchkeyError | TypeError) => {
    service.failNext(trouble);
    return ask(name, summary, { instanceIds: [ID.office], restart: 'never' });
  };
  const requestId = '4B7C2A10-0E6D-5D3B-9C1F-2A7E8B9C0D1E';
  await failed('bug', 'A fault of the service', new TypeError('a bug'));
  const detail = 'Cannot find key pair: User not authorized';
  const vendor = { vendorCode: 'Forbidden.RAM', requestId };
  await failed('refusedByEcs', 'ECS refused', new LatchkeyError('refused', detail, vendor));
  const down = new LatchkeyError('unavailable', 'Cannot find key pair: ECS answered 503', {
    requestId,
  });
  await failed('unavailable', 'ECS does not answer', down);
  const late = new LatchkeyError('timeout', 'Cannot find key pair: no answer in time');
  await failed('late', 'No answer in time', late);
}

/** Keeps what was asked and answered. */
class Book {
  readonly examples: Example[] = [];
  readonly service: ExampleService;

  constructor(service: ExampleService) {
    this.service = service;
  }

  /** Asks for a rollout. */
  readonly ask = (name: string, summary: string, fields: object, sending: Sending = {}) =>
    this.post(name, summary, '/rollouts', { ...REGION, ...fields }, sending);

  readonly post = (
    name: string,
    summary: string,
    path: string,
    body: unknown,
    sending: Sending = {},
  ) => this.send(name, summary, { method: 'POST', path, body }, sending);

  readonly get = (
    name: string,
    summary: string,
    path: string,
    query: Readonly<Record<string, string>> = {},
    sending: Sending = {},
  ) => this.send(name, summary, { method: 'GET', path, query }, sending);

  readonly send = async (
    name: string,
    summary: string,
    given: Omit<ExampleRequest, 'id'>,
    { operationId, id = `msg_${name}`, ...sending }: Sending,
  ): Promise<Readonly<Record<string, unknown>>> => {
    const request = { ...given, ...sending, id };
    const { statusCode, headers, body } = await this.service.send(request);
    const answer = JSON.parse(body) as Readonly<Record<string, unknown>>;
    this.examples.push({
      operationId: operationId ?? operationFor(request.method, request.path)!.id,
      name,
      summary,
      request,
      status: statusCode,
      headers,
      answer,
    });
    return answer;
  };
}

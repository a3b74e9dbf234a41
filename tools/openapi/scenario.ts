import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import type { NoticeMessage } from '../../shared/domain/model/notice-message.ts';
import {
  BATCH,
  BEHIND_IT,
  exampleFleet,
  KEPT_BACK,
  NOBODY,
  OFFICE,
  SINGLE,
  SMALL,
  STUCK,
  URGENT,
  WEB,
} from './fleet.ts';
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
  await asking(book);
  await controlling(book);
  await looking(book);
  await refused(book);
  await failing(book, service);
  return { examples: book.examples, notices: service.notices() };
}

async function asking({ post }: Book): Promise<void> {
  const web = { ...REGION, instanceIds: WEB, restart: 'auto' };
  const plan = await post('plan', 'The plan, and nothing else', '/rollouts', {
    ...web,
    dryRun: true,
  });
  await post('planBySelector', 'The plan for what a selector finds', '/rollouts', {
    ...REGION,
    selector: { tags: { team: 'web' }, keyPairName: 'ops-2025' },
    restart: 'auto',
    dryRun: true,
  });
  const rotate = { ...web, expectedPlanDigest: plan['planDigest'], note: 'rotation 2026-Q4' };
  await post('rotate', 'As planned: bound now, restarted in waves', '/rollouts', rotate, {
    id: 'msg_rotate',
  });
  await post('attachOnly', 'Bind and restart nothing', '/rollouts', {
    ...REGION,
    instanceIds: [SINGLE, NOBODY, OFFICE],
    restart: 'never',
  });
  await post('planChanged', 'Another plan than the one that was seen', '/rollouts', rotate);
  const other = { ...rotate, note: 'another body' };
  await post('idTaken', 'Another request under a used id', '/rollouts', other, {
    id: 'msg_rotate',
  });
}

async function controlling({ get, post, service, examples }: Book): Promise<void> {
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

  const careful = { ...REGION, restart: 'auto', startStopped: true, approveWithinSeconds: 3_600 };
  const waiting = await post('needsApproval', 'Nothing before somebody approves', '/rollouts', {
    ...careful,
    instanceIds: [BATCH],
  });
  const id = String(waiting['rolloutId']);
  const { planDigest } = waiting;
  const own = 'Nobody approves what it asked for itself';
  await control('approveOwn', own, id, 'approve', { planDigest });
  await control('approve', 'Let it begin', id, 'approve', { planDigest }, 'approver');
  const kept = await post(
    'optedOut',
    'An instance whose own tag is against restarts',
    '/rollouts',
    {
      ...careful,
      instanceIds: [KEPT_BACK],
    },
  );
  await control('deny', 'Do nothing', String(kept['rolloutId']), 'deny', {}, 'approver');

  const urgent = { ...REGION, restart: 'auto', breakGlass: 'incident 4711: the old key leaked' };
  await post('breakGlass', 'Past window, freezes and approval', '/rollouts', {
    ...urgent,
    instanceIds: [URGENT],
  });

  const stuck = await post('stuck', 'One that will not restart', '/rollouts', {
    ...REGION,
    instanceIds: [STUCK, BEHIND_IT],
    restart: 'auto',
  });
  service.lock(STUCK);
  await service.wake(String(stuck['rolloutId']));
  await get('halted', 'Halted by a failed restart', `/rollouts/${String(stuck['rolloutId'])}`);
  const settled = { as: 'skip', instanceIds: [STUCK] };
  await control('resolve', 'Leave it as it is', String(stuck['rolloutId']), 'resolve', settled);

  const stop = { action: 'stop', reason: 'incident 4711' };
  await post('stop', 'Hold every rollout', '/stop', stop);
}

async function looking({ get, post }: Book): Promise<void> {
  await get('stopped', 'Everything is held', '/stop');
  await post('go', 'Let every rollout go on', '/go', { action: 'go' });
  await get('firstPage', 'The newest two', '/rollouts', { limit: '2' });
  await get('healthy', 'Alive', '/healthz');
}

async function refused({ get, post, send }: Book): Promise<void> {
  const web = { ...REGION, instanceIds: WEB, restart: 'auto' };
  await post('notJson', 'Not JSON', '/rollouts', '{"regionId":');
  await post('keyTwice', 'A key that is there twice', '/rollouts', '{"a":1,"a":2}');
  await get('unsigned', 'No known secret', '/rollouts', {}, { who: 'stranger' });
  const foreign = { ...web, keyPairName: 'lab' };
  await post('notAllowed', 'A key pair that the client may not use', '/rollouts', foreign);
  await get('noSuchRollout', 'No such rollout', '/rollouts/ro-abcdefghijklmnopqrstuvwxyz');
  const method = { operationId: 'checkHealth' };
  await send(
    'otherMethod',
    'A method that is not served',
    { method: 'DELETE', path: '/healthz' },
    method,
  );
  await post('tooLarge', 'A body of more than 64 KB', '/rollouts', ' '.repeat(TOO_LARGE_BYTES));
  const form = { contentType: 'text/plain' };
  await post('notDeclaredJson', 'Another content type', '/rollouts', web, form);
  const faulty = { ...web, restart: 'yes', instanceIds: [...WEB, 'web-1'], force: true };
  await post('notValid', 'Every fault, with its pointer', '/rollouts', faulty);
  const small = { ...REGION, instanceIds: [SMALL], restart: 'auto' };
  const again = { who: 'small' } as const;
  await post(
    'oneOpen',
    'The only rollout that this client may have open',
    '/rollouts',
    small,
    again,
  );
  await post('tooMany', 'Too many unfinished rollouts', '/rollouts', small, again);
}

async function failing({ post }: Book, service: ExampleService): Promise<void> {
  const body = { ...REGION, instanceIds: [OFFICE], restart: 'never' };
  const failed = (name: string, summary: string, trouble: LatchkeyError | TypeError) => {
    service.failNext(trouble);
    return post(name, summary, '/rollouts', body);
  };
  const requestId = '4B7C2A10-0E6D-5D3B-9C1F-2A7E8B9C0D1E';
  await failed('bug', 'A fault of the service', new TypeError('a bug'));
  const vendorCode = 'Forbidden.RAM';
  const denied = new LatchkeyError('refused', 'Cannot find key pair: User not authorized', {
    vendorCode,
    requestId,
  });
  await failed('refusedByEcs', 'ECS refused', denied);
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

  readonly post = (
    name: string,
    summary: string,
    path: string,
    body: unknown,
    sending: Sending = {},
  ): Promise<Readonly<Record<string, unknown>>> =>
    this.send(name, summary, { method: 'POST', path, body }, sending);

  readonly get = (
    name: string,
    summary: string,
    path: string,
    query: Readonly<Record<string, string>> = {},
    sending: Sending = {},
  ): Promise<Readonly<Record<string, unknown>>> =>
    this.send(name, summary, { method: 'GET', path, query }, sending);

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

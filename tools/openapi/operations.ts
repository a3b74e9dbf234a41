import * as v from 'valibot';
import {
  approveBody,
  type ControlPath,
  GoBody,
  plainBody,
  resolveBody,
  StopBody,
  undoBody,
} from '../../shared/contract/requests/control-request.ts';
import { ListQuery } from '../../shared/contract/requests/list-query.ts';
import { rolloutBody } from '../../shared/contract/requests/rollout-request.ts';
import { PlanAnswer } from '../../shared/contract/answers/plan-schema.ts';
import { ListAnswer, RolloutAnswer } from '../../shared/contract/answers/rollout-schema.ts';
import { StopAnswer } from '../../shared/contract/answers/stop-schema.ts';

/** One route of the webhook, described. */
export interface Operation {
  readonly id: string;
  readonly method: 'get' | 'post';
  /** With `{rolloutId}` where one is named. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  /** Every route is, unless it says otherwise. */
  readonly isSigned?: false;
  readonly query?: v.GenericSchema;
  /** Its schema is the one that the service reads it by. */
  readonly body?: { readonly name: string; readonly schema: v.GenericSchema };
  readonly answers: Readonly<Record<number, Answer>>;
  readonly problems: readonly number[];
}

export interface Answer {
  readonly description: string;
  /** One of them. */
  readonly schemas: readonly v.GenericSchema[];
}

export const HealthAnswer = v.strictObject({ status: v.literal('ok') });

/** GET /openapi.json itself. */
export const DocumentAnswer = v.looseObject({ openapi: v.string() });

/** Any: a schema in which the path names one is asked for by its form only. */
const ROLLOUT_ID = 'ro-abcdefghijklmnopqrstuvwxyz';
const REGION_ID = 'cn-hangzhou';

const READ = [401, 403, 405, 429, 500, 503, 504];
const WRITE = [400, 401, 403, 405, 409, 413, 415, 422, 429, 500, 503, 504];

const ROLLOUT_NOW = { 200: { description: 'The rollout as it is now.', schemas: [RolloutAnswer] } };
const STOP_NOW = { 200: { description: 'What holds everything now.', schemas: [StopAnswer] } };
const ASKED = {
  200: {
    description: 'A dry run: the plan. Else the rollout, which is over already.',
    schemas: [PlanAnswer, RolloutAnswer],
  },
  202: { description: 'The rollout, which goes on.', schemas: [RolloutAnswer] },
};

const REPEATED =
  'Sent again under its `webhook-id`, it shows how things are now and does nothing more.';

export const OPERATIONS: readonly Operation[] = [
  {
    id: 'askForRollout',
    method: 'post',
    path: '/rollouts',
    summary: 'Attach a key pair to instances, and restart what needs it',
    description: `Attaches before it answers; restarts follow, in waves. ${REPEATED}`,
    body: { name: 'RolloutRequest', schema: rolloutBody(REGION_ID) },
    answers: ASKED,
    problems: [...WRITE, 502],
  },
  {
    id: 'listRollouts',
    method: 'get',
    path: '/rollouts',
    summary: 'The rollouts, newest first',
    description: 'A page may be shorter than `limit` although others follow.',
    query: ListQuery,
    answers: { 200: { description: 'One page.', schemas: [ListAnswer] } },
    problems: [...READ, 422],
  },
  {
    id: 'seeRollout',
    method: 'get',
    path: '/rollouts/{rolloutId}',
    summary: "One rollout, every instance's state, and what happened",
    answers: ROLLOUT_NOW,
    problems: [...READ, 404],
  },
  command('pause', 'Start no other wave; what runs finishes', plainBody),
  command('resume', 'Go on after a pause or a halt, with a fresh budget of failures', plainBody),
  command('abort', 'Begin nothing else, for good; what is bound stays bound', plainBody),
  command('approve', 'Let it begin, if that is its plan', approveBody),
  command('deny', 'End it before anything is done', plainBody),
  command('resolve', 'Settle restarts that failed or are unknown', resolveBody),
  {
    ...command('undo', 'Make a new rollout that takes this one back', () => undoBody(ROLLOUT_ID)),
    description: `It is judged as a new request, and takes back only what nobody changed since. ${REPEATED}`,
    answers: ASKED,
    problems: [...WRITE, 404, 502],
  },
  {
    id: 'stopAll',
    method: 'post',
    path: '/stop',
    summary: 'Hold every rollout before its next restart',
    description: `It has no end but \`POST /go\`. ${REPEATED}`,
    body: { name: 'StopRequest', schema: StopBody },
    answers: STOP_NOW,
    problems: WRITE,
  },
  {
    id: 'seeStop',
    method: 'get',
    path: '/stop',
    summary: 'Whether everything is stopped, and how many rollouts are open',
    answers: STOP_NOW,
    problems: READ,
  },
  {
    id: 'letGo',
    method: 'post',
    path: '/go',
    summary: 'Take the stop back',
    description: REPEATED,
    body: { name: 'GoRequest', schema: GoBody },
    answers: { 200: { description: 'Nothing holds them now.', schemas: [StopAnswer] } },
    problems: WRITE,
  },
  {
    id: 'describeApi',
    method: 'get',
    path: '/openapi.json',
    summary: 'This document',
    answers: { 200: { description: 'This document.', schemas: [DocumentAnswer] } },
    problems: READ,
  },
  {
    id: 'checkHealth',
    method: 'get',
    path: '/healthz',
    summary: 'Whether the function is alive',
    description: 'The one route that asks for no signature. It calls nothing.',
    isSigned: false,
    answers: { 200: { description: 'It is.', schemas: [HealthAnswer] } },
    problems: [405],
  },
];

function command(
  action: ControlPath['action'],
  summary: string,
  bodyOf: (path: ControlPath) => v.GenericSchema,
): Operation {
  const name = `${action.charAt(0).toUpperCase()}${action.slice(1)}Request`;
  return {
    id: `${action}Rollout`,
    method: 'post',
    path: `/rollouts/{rolloutId}/${action}`,
    summary,
    description: `What follows from it is done a moment later. ${REPEATED}`,
    body: { name, schema: bodyOf({ rolloutId: ROLLOUT_ID, action }) },
    answers: ROLLOUT_NOW,
    problems: [...WRITE, 404],
  };
}

/** The operation that a request is for; undefined when there is none. */
export function operationFor(method: string, path: string): Operation | undefined {
  return OPERATIONS.find(
    (each) =>
      each.method === method.toLowerCase() &&
      new RegExp(`^${each.path.replace('{rolloutId}', '[^/]+')}$`).test(path),
  );
}

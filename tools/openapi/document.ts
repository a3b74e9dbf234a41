import type * as v from 'valibot';
import { CONTROL_HELP } from '../../shared/contract/requests/control-request.ts';
import { LIST_HELP } from '../../shared/contract/requests/list-query.ts';
import { FIELD_HELP } from '../../shared/contract/requests/rollout-request.ts';
import { CONDITION_HELP } from '../../shared/contract/requests/selector.ts';
import type { NoticeMessage } from '../../shared/domain/model/notice-message.ts';
import type { NoticeKind } from '../../shared/domain/model/rollout.ts';
import {
  KeyPair,
  OptedOut,
  RolloutId,
  SelectorAnswer,
} from '../../shared/contract/answers/answer-parts.ts';
import { InstanceAnswer, RestartAnswer } from '../../shared/contract/answers/instance-schema.ts';
import { PlanAnswer } from '../../shared/contract/answers/plan-schema.ts';
import { PlanDifference, ProblemAnswer } from '../../shared/contract/answers/problem-schema.ts';
import {
  ApprovalAnswer,
  ListAnswer,
  RolloutAnswer,
} from '../../shared/contract/answers/rollout-schema.ts';
import { StopAnswer } from '../../shared/contract/answers/stop-schema.ts';
import { jsonSchemaOf, type JsonSchema, type Named, openSchema } from './json-schema.ts';
import { exampleOf, noticeBody, NoticeData, NOTICES } from './notice.ts';
import {
  type Answer,
  DocumentAnswer,
  HealthAnswer,
  type Operation,
  OPERATIONS,
} from './operations.ts';
import { PROBLEMS } from './problem.ts';
import type { Example } from './scenario.ts';

const ANSWERS: Named = new Map<v.GenericSchema, string>([
  [KeyPair, 'KeyPair'],
  [SelectorAnswer, 'Selector'],
  [RestartAnswer, 'Restart'],
  [InstanceAnswer, 'Instance'],
  [OptedOut, 'OptedOut'],
  [ApprovalAnswer, 'Approval'],
  [RolloutAnswer, 'Rollout'],
  [PlanAnswer, 'Plan'],
  [ListAnswer, 'RolloutList'],
  [StopAnswer, 'Stop'],
  [HealthAnswer, 'Health'],
  [DocumentAnswer, 'Document'],
  [PlanDifference, 'PlanDifference'],
  [ProblemAnswer, 'Problem'],
  [NoticeData, 'Notice'],
]);

const DESCRIPTION = `Attaches SSH key pairs to ECS instances and restarts what needs it.

Every request but \`GET /healthz\` is signed as Standard Webhooks v1 has it: \`webhook-signature\` is \`v1,\` and the base64 of
HMAC-SHA256 over \`<webhook-id>.<webhook-timestamp>.<body>\`, with the bytes behind \`whsec_\`. A \`GET\` signs the text
\`GET <path>\` in place of a body, and \`?<query>\` where there is one: each \`name=value\` percent-encoded, sorted, joined by
\`&\`. \`webhook-id\` is the idempotency key: a new one for each request, the same when that request is sent again.

Times are milliseconds since the epoch. Errors are problem documents (RFC 9457). An answer may get new fields.`;

/** The whole description of the webhook, with what the running service answered as its examples. */
export function openApiDocument(
  { examples, notices }: { examples: readonly Example[]; notices: readonly NoticeMessage[] },
  version: string,
): JsonSchema {
  return {
    openapi: '3.1.1',
    info: {
      title: 'Latchkey',
      version,
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [
      {
        url: 'https://{host}',
        description: 'The HTTP trigger of the function `attach`. One deployment serves one region.',
        variables: { host: { default: 'latchkey.example.com' } },
      },
    ],
    security: [{ webhookId: [], webhookTimestamp: [], webhookSignature: [] }],
    paths: pathsOf(examples),
    webhooks: Object.fromEntries(
      (Object.keys(NOTICES) as NoticeKind[]).map((kind) => [kind, webhookOf(kind, notices)]),
    ),
    components: {
      securitySchemes: Object.fromEntries(
        Object.entries(SIGNATURE).map(([key, [name, description]]) => {
          return [key, { type: 'apiKey', in: 'header', name, description }];
        }),
      ),
      schemas: schemasOf(),
      responses: Object.fromEntries(
        Object.entries(PROBLEMS).map(([status, description]) => [
          `Problem${status}`,
          problemOf(Number(status), description, examples),
        ]),
      ),
    },
  };
}

/** The headers that sign a request. */
const SIGNATURE = {
  webhookId: ['webhook-id', 'Names the request: 1 to 128 letters, digits, `_` and `-`.'],
  webhookTimestamp: ['webhook-timestamp', 'Seconds since the epoch, at most five minutes off.'],
  webhookSignature: ['webhook-signature', '`v1,<base64>`; several are separated by a space.'],
};

function schemasOf(): JsonSchema {
  const answers = [...ANSWERS].map(
    ([schema, name]) => [name, openSchema(jsonSchemaOf(schema, ANSWERS))] as const,
  );
  const bodies = OPERATIONS.flatMap(({ body }) =>
    body === undefined ? [] : [[body.name, withHelp(jsonSchemaOf(body.schema), FIELDS)] as const],
  );
  return Object.fromEntries([...answers, ...bodies]);
}

type Help = Readonly<Record<string, string>>;

/** The help of each field of a request, of control requests and of the list. */
const FIELDS: Help = { ...FIELD_HELP, ...CONTROL_HELP, ...LIST_HELP };
const CONDITIONS: Help = Object.fromEntries(
  Object.entries(CONDITION_HELP).map(([name, { about }]) => [name, `instances ${about}`]),
);

function withHelp(schema: JsonSchema, help: Help): JsonSchema {
  const properties = schema['properties'] as Readonly<Record<string, JsonSchema>>;
  const described = Object.entries(properties).map(([name, property]) => {
    const whole = name === 'selector' ? withConditionHelp(property) : property;
    return [name, { ...whole, ...descriptionOf(help[name]) }];
  });
  return { ...schema, properties: Object.fromEntries(described) as JsonSchema };
}

/** A selector is an object or null. */
function withConditionHelp({ anyOf, ...others }: JsonSchema): JsonSchema {
  const described = (anyOf as readonly JsonSchema[]).map((one) =>
    one['type'] === 'object' ? withHelp(one, CONDITIONS) : one,
  );
  return { anyOf: described, ...others };
}

/** The help as a sentence. */
function descriptionOf(help: string | undefined): JsonSchema {
  if (help === undefined) return {};
  return { description: `${help.charAt(0).toUpperCase()}${help.slice(1)}.` };
}

function pathsOf(examples: readonly Example[]): JsonSchema {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of OPERATIONS) {
    const path = (paths[operation.path] ??= {});
    path[operation.method] = operationOf(
      operation,
      examples.filter(({ operationId }) => operationId === operation.id),
    );
  }
  return paths;
}

function operationOf(operation: Operation, examples: readonly Example[]): JsonSchema {
  const { id, summary, description, isSigned, answers, problems } = operation;
  const parameters = parametersOf(operation);
  return {
    operationId: id,
    summary,
    ...(description && { description }),
    ...(isSigned === false && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    ...requestBody(operation, examples),
    responses: Object.fromEntries([
      ...Object.entries(answers).map(([status, answer]) => {
        const shown = examples.filter((example) => String(example.status) === status);
        return [status, answerOf(answer, shown)];
      }),
      ...problems.map((status) => [status, { $ref: `#/components/responses/Problem${status}` }]),
    ]) as JsonSchema,
  };
}

function parametersOf({ path, query }: Operation): JsonSchema[] {
  const rolloutId = { name: 'rolloutId', in: 'path', required: true };
  const inPath = path.includes('{rolloutId}')
    ? [{ ...rolloutId, schema: jsonSchemaOf(RolloutId) }]
    : [];
  const inQuery = query === undefined ? {} : jsonSchemaOf(query)['properties'];
  return [
    ...inPath,
    ...Object.entries(inQuery as JsonSchema).map(([name, schema]) => {
      return { name, in: 'query', required: false, ...descriptionOf(FIELDS[name]), schema };
    }),
  ];
}

function requestBody({ body }: Operation, examples: readonly Example[]): JsonSchema {
  if (body === undefined) return {};
  // What is no JSON cannot be shown as JSON.
  const shown = examples.filter(({ request }) => typeof request.body === 'object');
  const content = {
    schema: { $ref: `#/components/schemas/${body.name}` },
    examples: Object.fromEntries(
      shown.map(({ name, summary, status, request }) => [
        name,
        { summary: status < 400 ? summary : `${status}: ${summary}`, value: request.body },
      ]),
    ),
  };
  return { requestBody: { required: true, content: { 'application/json': content } } };
}

function answerOf({ description, schemas }: Answer, examples: readonly Example[]): JsonSchema {
  const references = schemas.map((schema) => {
    return { $ref: `#/components/schemas/${ANSWERS.get(schema)!}` };
  });
  const schema = references.length === 1 ? references[0] : { oneOf: references };
  const content = { schema, ...examplesOf(examples) };
  return { description, content: { 'application/json': content } };
}

function problemOf(status: number, description: string, examples: readonly Example[]): JsonSchema {
  const content = {
    schema: { $ref: '#/components/schemas/Problem' },
    ...examplesOf(examples.filter((example) => example.status === status)),
  };
  return {
    description,
    ...(status in HEADERS && { headers: HEADERS[status] }),
    content: { 'application/problem+json': content },
  };
}

const seconds = { type: 'integer', minimum: 1 };
const RETRY_AFTER = {
  'Retry-After': { description: 'Seconds.', schema: seconds, required: true },
};
const methods = { description: 'The methods that are served.', schema: { type: 'string' } };
const HEADERS: Readonly<Record<number, JsonSchema>> = {
  405: { Allow: { ...methods, required: true } },
  429: RETRY_AFTER,
  503: RETRY_AFTER,
};

function examplesOf(examples: readonly Example[]): JsonSchema {
  if (examples.length === 0) return {};
  const named = examples.map(({ name, summary, answer }) => [name, { summary, value: answer }]);
  return { examples: Object.fromEntries(named) as JsonSchema };
}

function webhookOf(kind: NoticeKind, notices: readonly NoticeMessage[]): JsonSchema {
  const notice = notices.find((each) => each.kind === kind);
  const content = {
    schema: openSchema(jsonSchemaOf(noticeBody(kind), ANSWERS)),
    ...(notice === undefined ? {} : { examples: { [kind]: { value: exampleOf(notice) } } }),
  };
  return {
    post: {
      operationId: `on-${kind}`,
      summary: NOTICES[kind],
      description:
        'Sent to the addresses that the policy names, signed as requests are, and again with pauses until it is taken.',
      requestBody: { required: true, content: { 'application/json': content } },
      responses: {
        '2XX': { description: 'Taken.' },
        410: { description: 'Not wanted any more: this notice is not sent again.' },
        default: { description: 'Sent again later; `Retry-After` counts.' },
      },
    },
  };
}

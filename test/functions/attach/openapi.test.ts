import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import * as v from 'valibot';
import { beforeAll, describe, test } from 'vitest';
import { ROUTES } from '../../../functions/attach/router.ts';
import { LatchkeyError } from '../../../shared/domain/model/errors.ts';
import type { NoticeMessage } from '../../../shared/domain/model/notice-message.ts';
import { ProblemAnswer } from '../../../shared/contract/answers/problem-schema.ts';
import { HTTP_STATUS } from '../../../shared/contract/http-status.ts';
import { parseRolloutRequest } from '../../../shared/contract/requests/rollout-request.ts';
import { httpNotifier } from '../../../shared/outbound/notifier.ts';
import { keptSockets } from '../../../shared/outbound/sockets.ts';
import { openApiDocument } from '../../../tools/openapi/document.ts';
import { exampleOf, noticeBody } from '../../../tools/openapi/notice.ts';
import { OPERATIONS } from '../../../tools/openapi/operations.ts';
import { PROBLEMS } from '../../../tools/openapi/problem.ts';
import { type Example, playExamples } from '../../../tools/openapi/scenario.ts';
import { askedServer } from '../../support/asked-server.ts';
import { aService } from '../../support/attach-service.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const read = (name: string) => readFileSync(resolve(ROOT, name), 'utf8');

type Json = Readonly<Record<string, unknown>>;

const document = JSON.parse(read('openapi.json')) as Json & {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  readonly components: Readonly<Record<'schemas' | 'responses' | 'securitySchemes', Json>>;
};

let examples: readonly Example[];
let notices: readonly NoticeMessage[];
beforeAll(async () => {
  ({ examples, notices } = await playExamples());
});

/** Checks by the document alone, as whoever reads it would. */
const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addSchema({ $id: 'https://latchkey.test/openapi.json', ...document });

function check(pointer: string, value: unknown): readonly string[] {
  const validate = ajv.getSchema(`https://latchkey.test/openapi.json#${pointer}`)!;
  void validate(value);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

function schemaPointer(name: string): string {
  return `/components/schemas/${name}`;
}

function responsePointer({ method, path }: Json, status: number): string {
  const escaped = String(path).replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D');
  return `/paths/${escaped}/${String(method)}/responses/${status}/content/application~1json/schema`;
}

/** Every object inside, with where it is. */
function* objectsIn(value: unknown, at = ''): Generator<[at: string, object: Json]> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield [at, value as Json];
  for (const [key, inner] of Object.entries(value)) yield* objectsIn(inner, `${at}/${key}`);
}

describe('openapi.json', () => {
  test('is what `npm run openapi` writes', ({ expect }) => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    const made = openApiDocument({ examples, notices }, version);

    expect(JSON.parse(JSON.stringify(made))).toEqual(document);
  });

  test('describes every route of the service, and no other', ({ expect }) => {
    const served = ROUTES.map(
      ({ method, path }) => `${method} ${path.replace(':rolloutId', '{rolloutId}')}`,
    );
    const described = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );

    expect(described.toSorted()).toEqual([...served, 'GET /healthz'].toSorted());
  });

  test('names each operation once, and declares what its path names', ({ expect }) => {
    const operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.values(item).map((operation) => ({ path, operation })),
    );
    const ids = operations.map(({ operation }) => operation['operationId']);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, operation } of operations) {
      const parameters = (operation['parameters'] ?? []) as { name: string; in: string }[];
      const inPath = parameters.filter((each) => each.in === 'path').map(({ name }) => name);
      expect(inPath, path).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
    }
  });

  test('refers to nothing that is not there, and keeps nothing that nobody refers to', ({
    expect,
  }) => {
    const used = new Set<string>();
    for (const [, { $ref }] of objectsIn(document)) if (typeof $ref === 'string') used.add($ref);
    const there = (['schemas', 'responses'] as const).flatMap((kind) =>
      Object.keys(document.components[kind]).map((name) => `#/components/${kind}/${name}`),
    );

    expect([...used].toSorted()).toEqual(there.toSorted());
    const schemes = Object.keys(document.components.securitySchemes);
    expect(document['security']).toEqual([Object.fromEntries(schemes.map((name) => [name, []]))]);
  });

  test('has schemas that are JSON Schema 2020-12', ({ expect }) => {
    const strict = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true });
    strict.addVocabulary(['components']);
    for (const [name, schema] of Object.entries(document.components.schemas)) {
      expect(strict.validateSchema(schema as Json), name).toBe(true);
      expect(ajv.getSchema(`https://latchkey.test/openapi.json#${schemaPointer(name)}`)).toBeTypeOf(
        'function',
      );
    }
  });

  test('asks for a signature everywhere but at the health check', ({ expect }) => {
    const open = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.values(item).flatMap((operation) => (operation['security'] === undefined ? [] : path)),
    );
    expect(open).toEqual(['/healthz']);
  });

  test('is what a client that may see gets, and what a stranger does not', async ({ expect }) => {
    const { get } = aService();

    expect(await get('/openapi.json')).toMatchObject({ statusCode: 200, json: document });
    const stranger = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;
    expect(await get('/openapi.json', {}, { secret: stranger })).toMatchObject({ statusCode: 401 });
  });
});

describe('the examples', () => {
  test('show every operation and every problem', ({ expect }) => {
    const shown = new Set(examples.map(({ operationId }) => operationId));
    // It would have to hold itself.
    expect(OPERATIONS.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual(['describeApi']);
    const statuses = new Set(examples.map(({ status }) => status));
    expect(Object.keys(PROBLEMS).filter((status) => !statuses.has(Number(status)))).toEqual([]);
  });

  test('that succeed are valid by the schemas, request and answer', ({ expect }) => {
    for (const { operationId, name, status, request, answer } of examples) {
      if (status >= 400) continue;
      const operation = OPERATIONS.find(({ id }) => id === operationId)!;
      const { body } = operation;
      if (body !== undefined)
        expect(check(schemaPointer(body.name), request.body), name).toEqual([]);
      expect(check(responsePointer(operation as never, status), answer), name).toEqual([]);
    }
  });

  test('have nothing in their answers that no schema describes', ({ expect }) => {
    for (const { operationId, name, status, answer } of examples) {
      const { answers } = OPERATIONS.find(({ id }) => id === operationId)!;
      const schemas = status >= 400 ? [ProblemAnswer] : answers[status]!.schemas;
      const read = schemas.map((schema) => v.safeParse(schema, answer));
      const why = read.map(({ issues }) => issues?.map(({ message }) => message));
      expect(
        read.some(({ success }) => success),
        `${name}: ${JSON.stringify(why)}`,
      ).toBe(true);
    }
  });

  test('of problems are problem documents with a documented code, and headers', ({ expect }) => {
    for (const { operationId, name, status, headers, answer } of examples) {
      if (status < 400) continue;
      const { code, type } = answer as { code: string; type: string };
      expect(HTTP_STATUS[code as keyof typeof HTTP_STATUS], name).toBe(status);
      expect(type).toBe(`urn:latchkey:${code}`);
      expect(check(schemaPointer('Problem'), answer), name).toEqual([]);
      expect(headers['content-type']).toBe('application/problem+json');
      const { problems } = OPERATIONS.find(({ id }) => id === operationId)!;
      expect(problems, `${operationId} does not tell of ${status}`).toContain(status);
      const response = document.components.responses[`Problem${status}`] as { headers?: Json };
      for (const header of Object.keys(response.headers ?? {})) {
        expect(Object.keys(headers), name).toContain(header.toLowerCase());
      }
    }
  });

  test('that are not valid are refused by the schema too, where it can say so', ({ expect }) => {
    const { request } = examples.find(({ name }) => name === 'notValid')!;
    expect(check(schemaPointer('RolloutRequest'), request.body).join('\n')).toMatch(
      /instanceIds\/3 .*\n.*restart .*|restart .*\n.*instanceIds\/3 .*/s,
    );
  });

  test('of notices are what is sent', async ({ expect }) => {
    const server = await askedServer((response) => void response.end());
    const secret = { key: Buffer.alloc(24, 1) };
    const notifier = httpNotifier({
      channels: [{ id: 'ops', url: `${server.url}/told`, secrets: [secret] }],
      sockets: keptSockets(),
    });

    for (const notice of notices) await notifier.deliver(notice, notice.atMs);

    const kinds = new Set(notices.map(({ kind }) => kind));
    expect([...kinds].toSorted()).toEqual(Object.keys(document['webhooks'] as Json).toSorted());
    const sent = server.asked.map(({ body }) => JSON.parse(body.toString('utf8')) as unknown);
    expect(sent).toEqual(notices.map(exampleOf));
    for (const [index, { kind }] of notices.entries()) {
      expect(v.safeParse(noticeBody(kind), sent[index]).issues).toBeUndefined();
    }
  });
});

test('docs/http.md lists the same problems', ({ expect }) => {
  const rows = [...read('docs/http.md').matchAll(/^\| ([45]\d\d) +\| (`[^|]*`) +\|/gm)];
  const listed = rows.flatMap(([, status, codes]) =>
    [...codes!.matchAll(/`([^`]+)`/g)].map(([, code]) => `${status} ${code}`),
  );
  const described = Object.entries(HTTP_STATUS).map(([code, status]) => `${status} ${code}`);
  expect(listed.toSorted()).toEqual(described.toSorted());
});

test('what the service takes, the schema of a request takes', ({ expect }) => {
  const valid = examples.flatMap(({ request, operationId, status }) =>
    operationId === 'askForRollout' && status < 400 ? [request.body as Json] : [],
  );
  const value = fc.oneof(
    fc.constantFrom<unknown>('auto', '10%', 5, null, true, '', 0, 1e9, -1, 'i-bp1x', {}, [], 'ä\n'),
    fc.jsonValue(),
  );
  const fields = [...new Set(valid.flatMap(Object.keys)), 'maxUnavailable', 'groupBy', 'attach'];
  const change = fc.tuple(fc.constantFrom(...fields), value);
  const body = fc
    .tuple(fc.constantFrom(...valid), fc.array(change, { maxLength: 3 }))
    .map(([base, changes]) => ({ ...base, ...Object.fromEntries(changes) }));
  let taken = 0;

  fc.assert(
    fc.property(body, (request) => {
      if (!isTaken(request)) return;
      taken += 1;
      expect(check(schemaPointer('RolloutRequest'), request)).toEqual([]);
    }),
    { numRuns: 500 },
  );
  expect(taken).toBeGreaterThan(20);
});

function isTaken(request: unknown): boolean {
  try {
    parseRolloutRequest(JSON.stringify(request), { regionId: 'cn-hangzhou' });
    return true;
  } catch (error) {
    if (error instanceof LatchkeyError) return false;
    throw error;
  }
}

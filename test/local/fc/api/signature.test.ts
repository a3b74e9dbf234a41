import { describe, test } from 'vitest';
import {
  acs3Signature,
  legacySignature,
  refusal,
} from '../../../../local/cloud/fc/api/signature.ts';
import { Account } from '../../../../local/cloud/kernel/account.ts';
import { DEFAULT_SETTINGS } from '../../../../local/cloud/kernel/settings.ts';
import type { WireRequest } from '../../../../local/http/wire.ts';

const REQUEST = { method: 'POST', path: '/hello', query: 'foo=bar' };

describe('the signature of an http trigger', () => {
  // Both made by getAuthorization of @alicloud/openapi-util 0.3.3, which the vendor's page names,
  // for testid / testsecret.
  test('is that of the official package', ({ expect }) => {
    const headers = { 'x-acs-date': '2026-01-01T00:00:00Z' };

    expect(
      acs3Signature('testsecret', { ...REQUEST, headers }, ['x-acs-date'], 'trigger', ''),
    ).toBe('cc3a0e1b274c79ee0dd2165baeede730bbc8c48062f975642607c4c4280d5a8e');
  });

  test('is that of the official package with an empty security token', ({ expect }) => {
    const headers = { 'x-acs-date': '2026-01-01T00:00:00Z', 'x-acs-security-token': '' };
    const signed = ['x-acs-date', 'x-acs-security-token'];

    expect(acs3Signature('testsecret', { ...REQUEST, headers }, signed, 'trigger', '')).toBe(
      'c9013bbfab78745360a1b3c445f92b153a7d18b8d5b07b9bb3de1137bd84e730',
    );
  });
});

describe('the older signature', () => {
  // Both were sent by @alicloud/fc2 2.6.6 with `version = '2023-03-30'`, client.post(...), to a
  // loopback server, for latchkey-local / latchkey-local-secret.
  test('is that of @alicloud/fc2 for an asynchronous call with a body', ({ expect }) => {
    const headers = {
      date: 'Thu, 01 Jan 2026 00:00:00 GMT',
      'content-type': 'application/octet-stream',
      'content-md5': 'YmI2Y2I1YzY4ZGY0NjUyOTQxY2FmNjUyYTM2NmYyZDg=',
      'x-fc-account-id': '1000000000000000',
      'x-fc-invocation-type': 'Async',
      'x-fc-async-task-id': 't1',
    };
    const path = '/2023-03-30/functions/hello/invocations';

    expect(legacySignature('latchkey-local-secret', { method: 'POST', path, headers })).toBe(
      'a1N+b/xYONVOTCknynepMHLaBHgrZUUcTDoR17LTl+w=',
    );
  });

  test('is that of @alicloud/fc2 for a call without a body; the query is not signed', ({
    expect,
  }) => {
    const headers = {
      date: 'Thu, 01 Jan 2026 00:00:00 GMT',
      'x-fc-account-id': '1000000000000000',
    };
    const path = '/2023-03-30/functions/hello/invocations';

    expect(legacySignature('latchkey-local-secret', { method: 'POST', path, headers })).toBe(
      'VOQ0Mp49Tsc/GtvH2/cov4hxUGcgb+uCtTIqMXawEes=',
    );
  });
});

const WALL_MS = Date.parse('2026-01-01T00:00:00Z');

/** A request to a trigger with a valid ACS3 signature, except for what the test changes. */
function aSigned(change: {
  headers?: Record<string, string>;
  secret?: string;
  accessKeyId?: string;
  after?: Partial<WireRequest>;
}): WireRequest {
  const headers: Record<string, string> = {
    'x-acs-date': '2026-01-01T00:00:00Z',
    ...change.headers,
  };
  const signed = Object.keys(headers).toSorted();
  const unsigned = { ...REQUEST, headers };
  const secret = change.secret ?? DEFAULT_SETTINGS.accessKeySecret;
  const signature = acs3Signature(secret, unsigned, signed, 'trigger', '');
  const id = change.accessKeyId ?? DEFAULT_SETTINGS.accessKeyId;
  const authorization = `ACS3-HMAC-SHA256 Credential=${id},SignedHeaders=${signed.join(';')},Signature=${signature}`;
  return {
    ...unsigned,
    headers: { ...headers, authorization },
    body: Buffer.from('unsigned'),
    sourceIp: '127.0.0.1',
    ...change.after,
  };
}

describe('a signed request', () => {
  const account = new Account(DEFAULT_SETTINGS);
  const sts = account.issueSts('f', 'c-1');

  test('is let in', ({ expect }) => {
    expect(refusal(aSigned({}), 'trigger', account, WALL_MS)).toBeUndefined();
  });

  test('of a function instance is let in with its token only', ({ expect }) => {
    const own = { accessKeyId: sts.accessKeyId, secret: sts.accessKeySecret };
    const token = { 'x-acs-security-token': sts.securityToken };

    const withIt = refusal(aSigned({ ...own, headers: token }), 'trigger', account, WALL_MS);
    const without = refusal(aSigned(own), 'trigger', account, WALL_MS);

    expect(withIt).toBeUndefined();
    expect(without).toMatchObject({ status: 403, code: 'AccessDenied' });
  });

  test('is refused with another secret, or for anything that was changed', ({ expect }) => {
    const refused = [
      aSigned({ secret: 'wrong' }),
      aSigned({ after: { query: 'foo=baz' } }),
      aSigned({ after: { path: '/hell' } }),
      aSigned({ after: { method: 'PUT' } }),
    ].map((request) => refusal(request, 'trigger', account, WALL_MS)?.code);

    expect(refused).toEqual(Array(4).fill('SignatureNotMatch'));
  });

  test('is refused for an unknown key', ({ expect }) => {
    expect(refusal(aSigned({ accessKeyId: 'nobody' }), 'trigger', account, WALL_MS)).toEqual({
      status: 403,
      code: 'InvalidAccessKeyID',
      message: "invalid access key ID 'nobody'",
    });
  });

  test('is good for 15 minutes on both sides of the clock', ({ expect }) => {
    const at = (minutes: number) =>
      refusal(aSigned({}), 'trigger', account, WALL_MS + minutes * 60_000)?.message;

    expect([at(15), at(-15)]).toEqual([undefined, undefined]);
    expect(at(16)).toMatch(/^the difference between the request time '2026-01-01T00:00:00Z'/);
    expect(at(-16)).toMatch(/is too large$/);
  });

  test('without a date is told which header it lacks', ({ expect }) => {
    const request = aSigned({ after: { headers: {} } });

    expect(refusal(request, 'trigger', account, WALL_MS)).toMatchObject({
      status: 400,
      message: 'required HTTP header Date was not specified',
    });
  });

  test('in the older form is not let in at a trigger', ({ expect }) => {
    const headers: Record<string, string> = { date: 'Thu, 01 Jan 2026 00:00:00 GMT' };
    const signature = legacySignature(DEFAULT_SETTINGS.accessKeySecret, { ...REQUEST, headers });
    headers['authorization'] = `FC ${DEFAULT_SETTINGS.accessKeyId}:${signature}`;
    const request = aSigned({ after: { headers } });

    expect(refusal(request, 'trigger', account, WALL_MS)?.code).toBe('SignatureNotMatch');
    expect(refusal(request, 'api', account, WALL_MS)).toBeUndefined();
    expect(refusal({ ...request, path: '/other' }, 'api', account, WALL_MS)?.code).toBe(
      'SignatureNotMatch',
    );
  });
});

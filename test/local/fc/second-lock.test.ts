import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OpenApiUtil } from '@alicloud/openapi-core';
import { describe, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../local/cloud/kernel/settings.ts';
import { PROJECT_FOLDER, startLocalCloud } from '../../../local/start-local-cloud.ts';
import { parseWebhookSecret } from '../../../shared/contract/webhook-secret.ts';
import { signWebhook } from '../../../shared/contract/webhook-signature.ts';

/** The project with another lock on the webhook: lines of YAML in the place of `authType`. */
async function startWith(lock: string, onTestFinished: (run: () => Promise<void>) => void) {
  const projectFolder = mkdtempSync(join(tmpdir(), 'lock-'));
  const sYaml = readFileSync(join(PROJECT_FOLDER, 's.yaml'), 'utf8');
  const lines = lock.split('\n').map((line) => `            ${line}`);
  writeFileSync(
    join(projectFolder, 's.yaml'),
    sYaml.replace('            authType: anonymous', lines.join('\n')),
  );
  symlinkSync(join(PROJECT_FOLDER, 'dist'), join(projectFolder, 'dist'));
  const { cloud, webhookSecret } = await startLocalCloud({ projectFolder });
  onTestFinished(async () => {
    await cloud.stop();
    rmSync(projectFolder, { recursive: true });
  });
  cloud.seed({ keyPairs: [{ name: 'ops-2026' }] });
  const { instanceIds } = cloud.seed({ instances: [{ name: 'web' }] });
  const regionId = cloud.kernel.settings.regionId;
  const rollout = { regionId, keyPairName: 'ops-2026', instanceIds, restart: 'never' };
  const body = JSON.stringify({ ...rollout, dryRun: true });
  const attach = cloud.fc.functions.find(({ resource }) => resource === 'attach')!;
  return {
    /** A dry run, signed for Latchkey, with what else the lock wants. */
    async ask(headers: Record<string, string>, over: { readonly signed?: string } = {}) {
      const own = signWebhook({
        secret: parseWebhookSecret(webhookSecret),
        id: `msg_${randomUUID()}`,
        timestampSec: Math.floor(Date.now() / 1_000),
        body: over.signed ?? body,
      });
      const reply = await fetch(`${cloud.endpoints.http['attach']}/rollouts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...own, ...headers },
        body,
      });
      const text = await reply.text();
      return { status: reply.status, json: JSON.parse(text) as Record<string, unknown> };
    },
    /** How many instances of the function have run: none as long as nothing came through. */
    started: () => {
      const { functions } = cloud.fc.state() as {
        functions: Record<string, { instances: readonly unknown[] }>;
      };
      return functions[attach.functionName]!.instances.length;
    },
  };
}

/** As the vendor's page tells callers to sign: the body and a nonce are not part of it. */
function vendorSigned(secret: string, nowMs = Date.now()): Record<string, string> {
  const headers: Record<string, string> = { 'x-acs-date': new Date(nowMs).toISOString() };
  const authorization = OpenApiUtil.getAuthorization(
    { method: 'POST', pathname: '/rollouts', headers, query: {} } as never,
    'ACS3-HMAC-SHA256',
    '',
    DEFAULT_SETTINGS.accessKeyId,
    secret,
  );
  return { ...headers, authorization };
}

function generate(alg: 'RS256' | 'ES256' | 'EdDSA') {
  switch (alg) {
    case 'RS256':
      return generateKeyPairSync('rsa', { modulusLength: 2048 });
    case 'ES256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' });
    case 'EdDSA':
      return generateKeyPairSync('ed25519');
  }
}

const DRY_RUN = { status: 200, json: { status: 'dry-run', totalCount: 1 } };
const UNSIGNED = { status: 401, json: { code: 'unsigned' } };

describe('the webhook behind a trigger', () => {
  test('that is anonymous checks its own signature', async ({ expect, onTestFinished }) => {
    const { ask } = await startWith('authType: anonymous', onTestFinished);

    expect(await ask({})).toMatchObject(DRY_RUN);
    expect(await ask({}, { signed: 'another body' })).toMatchObject(UNSIGNED);
  }, 60_000);

  test('that wants the signature of an AccessKey still checks its own', async ({
    expect,
    onTestFinished,
  }) => {
    const { ask, started } = await startWith('authType: function', onTestFinished);
    const secret = DEFAULT_SETTINGS.accessKeySecret;

    expect(await ask({})).toMatchObject({
      status: 400,
      json: {
        Code: 'MissingRequiredHeader',
        Message: 'required HTTP header Date was not specified',
      },
    });
    expect(await ask(vendorSigned('wrong'))).toMatchObject({
      status: 403,
      json: { Code: 'SignatureNotMatch' },
    });
    expect(await ask(vendorSigned(secret, Date.now() - 16 * 60_000))).toMatchObject({
      status: 403,
      json: { Code: 'AccessDenied' },
    });
    expect(started()).toBe(0);

    expect(await ask(vendorSigned(secret), { signed: 'another body' })).toMatchObject(UNSIGNED);
    expect(await ask(vendorSigned(secret))).toMatchObject(DRY_RUN);
    expect(started()).toBeGreaterThan(0);
  }, 60_000);

  test.for(['RS256', 'ES256', 'EdDSA'] as const)(
    'that wants a JWT of %s still checks its own signature',
    { timeout: 60_000 },
    async (alg, { expect, onTestFinished }) => {
      const { publicKey, privateKey } = generate(alg);
      const jwk = { ...publicKey.export({ format: 'jwk' }), alg, use: 'sig' };
      const { ask, started } = await startWith(
        `authType: jwt
authConfig:
  jwks: {keys: [${JSON.stringify(jwk)}]}
  tokenLookup: 'header:Authorization:Bearer '
  claimPassBy: header:sub:X-Who`,
        onTestFinished,
      );
      const bearer = (expSec: number, claims = {}) => {
        const signed = [{ alg }, { exp: expSec, ...claims }]
          .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
          .join('.');
        const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
        const signature = sign(alg === 'EdDSA' ? null : 'sha256', Buffer.from(signed), key);
        return { authorization: `Bearer ${signed}.${signature.toString('base64url')}` };
      };
      const nowSec = Date.now() / 1_000;

      expect(await ask({})).toMatchObject({
        status: 403,
        json: { Code: 'AccessDenied', Message: 'the request has no JWT' },
      });
      expect(await ask(bearer(nowSec - 1))).toMatchObject({
        status: 403,
        json: { Message: 'the JWT has expired' },
      });
      expect(started()).toBe(0);

      const good = bearer(nowSec + 300, { sub: 'ci' });
      expect(await ask(good, { signed: 'another body' })).toMatchObject(UNSIGNED);
      expect(await ask(good)).toMatchObject(DRY_RUN);
      expect(started()).toBeGreaterThan(0);
    },
  );
});

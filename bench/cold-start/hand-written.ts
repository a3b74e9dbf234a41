import { createHash, createHmac, randomUUID } from 'node:crypto';
import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';

/** The least that a client of ECS costs: one call, signed by hand, without retries, types or errors. */
export interface ClientConfig {
  /** Plain HTTP is for a loopback host only. */
  readonly protocol: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken: string;
  readonly regionId: string;
  readonly instanceIds: readonly string[];
}

/** https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature */
export async function call(config: ClientConfig): Promise<unknown> {
  const query = canonicalQuery({
    InstanceIds: JSON.stringify(config.instanceIds),
    MaxResults: '100',
    RegionId: config.regionId,
  });
  const bodyHash = sha256('');
  const headers: Record<string, string> = {
    host: `${config.host}:${config.port}`,
    'x-acs-action': 'DescribeInstances',
    'x-acs-version': '2014-05-26',
    'x-acs-date': new Date().toISOString().replace(/\.\d+Z/, 'Z'),
    'x-acs-signature-nonce': randomUUID(),
    'x-acs-content-sha256': bodyHash,
    'x-acs-accesskey-id': config.accessKeyId,
    'x-acs-security-token': config.securityToken,
  };
  const names = Object.keys(headers).toSorted();
  const signed = names.join(';');
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join('');
  const canonical = ['POST', '/', query, lines, signed, bodyHash].join('\n');
  const signature = createHmac('sha256', config.accessKeySecret)
    .update(`ACS3-HMAC-SHA256\n${sha256(canonical)}`)
    .digest('hex');
  headers['authorization'] =
    `ACS3-HMAC-SHA256 Credential=${config.accessKeyId},SignedHeaders=${signed},Signature=${signature}`;
  return send(config, `/?${query}`, headers);
}

function canonicalQuery(parameters: Readonly<Record<string, string>>): string {
  return Object.keys(parameters)
    .toSorted()
    .map((name) => `${name}=${encodeURIComponent(parameters[name]!)}`)
    .join('&');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function send(
  { protocol, host, port }: ClientConfig,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = protocol === 'https' ? secureRequest : plainRequest;
    const sent = request({ host, port, path, method: 'POST', headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
        if (answer.statusCode === 200) resolve(body);
        else reject(new Error(JSON.stringify(body)));
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}

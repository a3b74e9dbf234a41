import Client from '@alicloud/fc2';
import type { Credentials } from '../../shared/outbound/credentials.ts';

/** Of Function Compute 3.0. The package's own is that of 2.0, whose functions lie in services. */
const API_VERSION = '2023-03-30';

export interface FcTarget {
  readonly accountId: string;
  readonly regionId: string;
  /** `https://{accountId}.{region}.fc.aliyuncs.com`, or plain http for a loopback host. */
  readonly endpoint: string;
  readonly credentials: Credentials;
  /** How long one call may take; milliseconds. */
  readonly timeoutMs: number;
}

export function fcClient({
  accountId,
  regionId,
  endpoint,
  credentials,
  timeoutMs,
}: FcTarget): Client {
  const { accessKeyId, accessKeySecret, securityToken } = credentials;
  const client = new Client(accountId, {
    accessKeyID: accessKeyId,
    accessKeySecret,
    ...(securityToken === undefined ? {} : { securityToken }),
    region: regionId,
    endpoint: endpoint.replace(/\/$/, ''),
    timeout: timeoutMs,
  });
  client.version = API_VERSION;
  return client;
}

/** What the package makes of a status: it looks for the error's text where Function Compute 2.0 had it. */
const STATUS = /failed with (\d{3})\. requestid: (\S+?),/;

/** The HTTP status that an error of the package tells of; nothing when there was no answer. */
export function statusIn({ message }: Error): {
  readonly status?: string | undefined;
  readonly requestId?: string | undefined;
} {
  const [, status, requestId] = STATUS.exec(message) ?? [];
  return { status, requestId };
}

import Client from '@alicloud/fc2';
import type { Credentials } from '../../shared/outbound/credentials.ts';

/** Function Compute 3.0. The package's default is 2.0, where functions belong to services. */
const API_VERSION = '2023-03-30';

export interface FcTarget {
  readonly accountId: string;
  readonly regionId: string;
  /** `https://{accountId}.{region}.fc.aliyuncs.com`, or plain http for a loopback host. */
  readonly endpoint: string;
  readonly credentials: Credentials;
  /** For one call; milliseconds. */
  readonly timeoutMs: number;
}

export function fcClient(target: FcTarget): Client {
  const { accountId, regionId, endpoint, credentials, timeoutMs } = target;
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

/** The package expects error texts where version 2.0 has them, so only its own message tells the status. */
const STATUS = /failed with (\d{3})\. requestid: (\S+?),/;

interface FcFailure {
  /** The HTTP status; undefined when there was no answer. */
  readonly status?: string | undefined;
  readonly requestId?: string | undefined;
  /** The error's own code, such as `ECONNREFUSED`. */
  readonly code: string;
  readonly message: string;
}

/** @throws whatever is no `Error` */
export function fcFailure(error: unknown): FcFailure {
  if (!(error instanceof Error)) throw error;
  const [, status, requestId] = STATUS.exec(error.message) ?? [];
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return { status, requestId, code, message: error.message };
}

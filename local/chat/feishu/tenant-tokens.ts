import { randomBytes } from 'node:crypto';
import {
  json,
  jsonObject,
  type Route,
  strangers,
  type WireReply,
  type WireRequest,
} from '../wire.ts';
import { WORKSPACE } from '../workspace.ts';

/** https://open.feishu.cn/document/server-docs/authentication-management/access-token/tenant_access_token_internal */
const LIFE_SEC = 7_200;

export class TenantTokens {
  readonly route: Route;
  readonly #appSecret: string;
  readonly #nowMs: () => number;
  readonly #untilMs = new Map<string, number>();

  constructor(appSecret: string, nowMs: () => number) {
    this.#appSecret = appSecret;
    this.#nowMs = nowMs;
    this.route = {
      method: 'POST',
      path: /^\/open-apis\/auth\/v3\/tenant_access_token\/internal$/,
      answer: (request) => this.#issue(request),
    };
  }

  /** @returns what a call without a valid token is told */
  refusalOf({ headers }: WireRequest): WireReply | undefined {
    const { authorization } = headers;
    if (authorization === undefined) {
      const msg =
        'Missing access token for authorization. Please make a request with token attached.';
      return json(400, { code: 99991661, msg });
    }
    const token = authorization.replace(/^Bearer /, '');
    if ((this.#untilMs.get(token) ?? 0) > this.#nowMs()) return undefined;
    const msg =
      'Invalid access token for authorization. Please make a request with token attached.';
    return json(400, { code: 99991663, msg });
  }

  #issue({ body }: WireRequest): WireReply {
    const fields = jsonObject(body);
    if (fields === undefined || strangers(fields, ['app_id', 'app_secret']).length > 0) {
      return json(200, { code: 10003, msg: 'invalid param' });
    }
    if (fields['app_id'] !== WORKSPACE.feishu.appId || fields['app_secret'] !== this.#appSecret) {
      return json(200, { code: 10014, msg: 'app secret invalid' });
    }
    const token = `t-${randomBytes(16).toString('hex')}`;
    this.#untilMs.set(token, this.#nowMs() + LIFE_SEC * 1_000);
    return json(200, { code: 0, msg: 'ok', tenant_access_token: token, expire: LIFE_SEC });
  }
}

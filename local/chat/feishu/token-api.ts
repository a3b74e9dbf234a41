import { TOKEN_LIFE_SEC, type TokenApi, TokenStore } from '../token-store.ts';
import { json, jsonObject, strangers, type WireReply, type WireRequest } from '../wire.ts';
import { WORKSPACE } from '../workspace.ts';
import { refusal } from './answers.ts';

/** https://open.feishu.cn/document/server-docs/authentication-management/access-token/tenant_access_token_internal */
export function tokenApi(appSecret: string, nowMs: () => number): TokenApi {
  const store = new TokenStore(nowMs);
  const path = /^\/open-apis\/auth\/v3\/tenant_access_token\/internal$/;
  return { route: { method: 'POST', path, answer: issue }, refusalOf };

  function refusalOf({ headers: { authorization } }: WireRequest): WireReply | undefined {
    const hint = 'access token for authorization. Please make a request with token attached.';
    if (authorization === undefined) return refusal(99991661, `Missing ${hint}`);
    const isValid = store.isValid(authorization.replace(/^Bearer /, ''));
    return isValid ? undefined : refusal(99991663, `Invalid ${hint}`);
  }

  function issue({ body }: WireRequest): WireReply {
    const fields = jsonObject(body);
    if (fields === undefined || strangers(fields, ['app_id', 'app_secret']).length > 0) {
      return json(200, { code: 10003, msg: 'invalid param' });
    }
    if (fields['app_id'] !== WORKSPACE.feishu.appId || fields['app_secret'] !== appSecret) {
      return json(200, { code: 10014, msg: 'app secret invalid' });
    }
    const token = store.issue('t-');
    return json(200, { code: 0, msg: 'ok', tenant_access_token: token, expire: TOKEN_LIFE_SEC });
  }
}

import { TOKEN_LIFE_SEC, type TokenApi, TokenStore } from '../token-store.ts';
import { json, jsonObject, strangers, type WireReply, type WireRequest } from '../wire.ts';
import { WORKSPACE } from '../workspace.ts';
import { missing, refusal, unknownNames } from './answers.ts';

/** https://open.dingtalk.com/document/orgapp/obtain-the-access_token-of-an-internal-app */
export function tokenApi(appSecret: string, nowMs: () => number): TokenApi {
  const store = new TokenStore(nowMs);
  return {
    route: { method: 'POST', path: /^\/v1\.0\/oauth2\/accessToken$/, answer: issue },
    refusalOf: ({ headers }) =>
      store.isValid(headers['x-acs-dingtalk-access-token'] ?? '')
        ? undefined
        : refusal(400, 'InvalidAuthentication', '不合法的access_token'),
  };

  function issue({ body }: WireRequest): WireReply {
    const fields = jsonObject(body);
    if (fields === undefined) return missing('body');
    const unknown = strangers(fields, ['appKey', 'appSecret']);
    if (unknown.length > 0) return unknownNames(unknown);
    if (fields['appKey'] !== WORKSPACE.dingtalk.appKey || fields['appSecret'] !== appSecret) {
      return refusal(400, 'invalidClientIdOrSecret', '无效的clientId或者clientSecret');
    }
    return json(200, { accessToken: store.issue(), expireIn: TOKEN_LIFE_SEC });
  }
}

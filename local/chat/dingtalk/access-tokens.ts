import { randomBytes } from 'node:crypto';
import { jsonObject, type Route, strangers, type WireReply, type WireRequest } from '../wire.ts';
import { json } from '../wire.ts';
import { WORKSPACE } from '../workspace.ts';
import { missing, refusal, unknownNames } from './answers.ts';

/** https://open.dingtalk.com/document/orgapp/obtain-the-access_token-of-an-internal-app */
const LIFE_SEC = 7_200;

/** Tokens of the app. */
export class AccessTokens {
  readonly route: Route;
  readonly #appSecret: string;
  readonly #nowMs: () => number;
  readonly #untilMs = new Map<string, number>();

  constructor(appSecret: string, nowMs: () => number) {
    this.#appSecret = appSecret;
    this.#nowMs = nowMs;
    this.route = {
      method: 'POST',
      path: /^\/v1\.0\/oauth2\/accessToken$/,
      answer: (request) => this.#issue(request),
    };
  }

  /** @returns what a call without a valid token is told */
  refusalOf({ headers }: WireRequest): WireReply | undefined {
    const token = headers['x-acs-dingtalk-access-token'];
    if (token !== undefined && (this.#untilMs.get(token) ?? 0) > this.#nowMs()) return undefined;
    return refusal(400, 'InvalidAuthentication', '不合法的access_token');
  }

  #issue({ body }: WireRequest): WireReply {
    const fields = jsonObject(body);
    if (fields === undefined) return missing('body');
    const unknown = strangers(fields, ['appKey', 'appSecret']);
    if (unknown.length > 0) return unknownNames(unknown);
    const { appKey, appSecret } = fields;
    if (appKey !== WORKSPACE.dingtalk.appKey || appSecret !== this.#appSecret) {
      return refusal(400, 'invalidClientIdOrSecret', '无效的clientId或者clientSecret');
    }
    const accessToken = randomBytes(16).toString('hex');
    this.#untilMs.set(accessToken, this.#nowMs() + LIFE_SEC * 1_000);
    return json(200, { accessToken, expireIn: LIFE_SEC });
  }
}

import type { Spoil } from '../kernel/faults.ts';
import type { Service } from '../kernel/service.ts';
import type { VendorError } from '../kernel/vendor-error.ts';
import type { WireReply, WireRequest } from '../../http/wire.ts';
import { ACTIONS } from './actions/index.ts';
import { call } from './requests/call.ts';
import { apiCaller } from './requests/caller.ts';
import type { EcsCloud } from './cloud.ts';
import { EcsError, refuse, vendorError } from './errors.ts';
import { actionNameOf, type RpcRequest, rpcRequest } from './requests/rpc-request.ts';
import { authenticate, claimedAccessKey } from './signature/authenticate.ts';
import { Nonces } from './signature/nonces.ts';

/** https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-overview */
const VERSION = '2014-05-26';

/** ECS on the wire: the RPC style, JSON answers only. */
export function ecsService(cloud: EcsCloud): Service {
  const { kernel } = cloud;
  const nonces = new Nonces();

  function answerTo(request: RpcRequest, requestId: string, spoil: Spoil): WireReply {
    checkShape(request);
    const action = ACTIONS.get(actionNameOf(request)) ?? refuse('InvalidApi.NotFound');
    const credential = authenticate(kernel, nonces, request);
    const format = request.all.get('Format') ?? 'JSON';
    if (format.toUpperCase() !== 'JSON') refuse('UnsupportedParameter', 'Format');
    const { sourceIp, headers } = request.wire;
    const userAgent = headers['user-agent'] ?? '';
    const caller = apiCaller(kernel.account.id, credential, { sourceIp, userAgent });
    const answer = call(cloud, action, request.all, { requestId, caller, spoil });
    return json(200, { RequestId: requestId, ...answer }, requestId);
  }

  function errorReply(error: VendorError, requestId = kernel.requestId()): WireReply {
    const { status, code, message } = error;
    const body = {
      RequestId: requestId,
      HostId: `ecs-${kernel.settings.regionId}.aliyuncs.com`,
      Code: code,
      Message: message,
      Recommend: `https://api.aliyun.com/troubleshoot?q=${encodeURIComponent(code)}&product=Ecs&requestId=${requestId}`,
    };
    return json(status, body, requestId);
  }

  return {
    name: 'ecs',
    actions: [...ACTIONS.keys()],
    actionOf: (wire) => {
      const name = actionNameOf(rpcRequest(wire));
      return ACTIONS.has(name) ? name : '';
    },
    accessKeyOf: (wire) => claimedAccessKey(rpcRequest(wire)),
    handle: (wire: WireRequest, spoil: Spoil) => {
      const requestId = kernel.requestId();
      try {
        return Promise.resolve(answerTo(rpcRequest(wire), requestId, spoil));
      } catch (error) {
        if (error instanceof EcsError) return Promise.resolve(errorReply(error.vendor, requestId));
        return Promise.reject(error instanceof Error ? error : new Error(String(error)));
      }
    },
    errorReply,
    throttled: vendorError('Throttling.User'),
  };
}

function checkShape({ wire, all, unreadable }: RpcRequest): void {
  if (wire.method !== 'GET' && wire.method !== 'POST') refuse('UnsupportedHTTPMethod');
  if (wire.path !== '/') refuse('InvalidApi.NotFound');
  if (unreadable !== undefined) refuse('InvalidParameter', unreadable);
  const version = all.get('Version') ?? wire.headers['x-acs-version'];
  if (version === undefined) refuse('MissingParameter', 'Version');
  if (version !== VERSION) refuse('InvalidVersion');
}

function json(status: number, body: unknown, requestId: string): WireReply {
  return {
    status,
    headers: {
      'content-type': 'application/json;charset=utf-8',
      'x-acs-request-id': requestId,
    },
    body: JSON.stringify(body),
  };
}

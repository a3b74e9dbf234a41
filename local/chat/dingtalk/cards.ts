import type { Conversation, Message } from '../conversation.ts';
import type { Surroundings } from '../platform.ts';
import {
  type Fields,
  isFields,
  json,
  jsonObject,
  type Route,
  strangers,
  type WireReply,
  type WireRequest,
} from '../wire.ts';
import { memberOf, WORKSPACE } from '../workspace.ts';
import type { AccessTokens } from './access-tokens.ts';
import { missing, refusal, unknownNames } from './answers.ts';

/** The names that the official SDK sends: aliyun/dingtalk-sdk, card_1_0. */
const CREATE = [
  'callbackRouteKey',
  'callbackType',
  'cardAtUserIds',
  'cardData',
  'cardTemplateId',
  'imGroupOpenDeliverModel',
  'imGroupOpenSpaceModel',
  'openDynamicDataConfig',
  'openSpaceId',
  'outTrackId',
  'privateData',
  'userId',
  'userIdType',
];
const UPDATE = ['outTrackId', 'cardData', 'privateData', 'cardUpdateOptions', 'userIdType'];
const UPDATE_OPTIONS = ['updateCardDataByKey', 'updatePrivateDataByKey'];
const DELIVER = ['atUserIds', 'cardDynamicDataSource', 'extension', 'recipients', 'robotCode'];
const SPACE = ['lastMessageI18n', 'notification', 'searchSupport', 'supportForward'];

const { dingtalk } = WORKSPACE;
const SPACE_ID = `dtv1.card//IM_GROUP.${dingtalk.conversationId}`;

type Params = Readonly<Record<string, string>>;

/** Interactive cards: created and delivered into the group, then updated. */
export function cardApi(
  conversation: Conversation,
  tokens: AccessTokens,
  { nowMs }: Surroundings,
): readonly Route[] {
  const path = /^\/v1\.0\/card\/instances$/;
  const createPath = /^\/v1\.0\/card\/instances\/createAndDeliver$/;
  return [
    { method: 'POST', path: createPath, answer: (request) => withBody(request, create) },
    { method: 'PUT', path, answer: (request) => withBody(request, update) },
  ];

  function withBody(request: WireRequest, answer: (fields: Fields) => WireReply): WireReply {
    const refused = tokens.refusalOf(request);
    if (refused !== undefined) return refused;
    const fields = jsonObject(request.body);
    return fields === undefined ? missing('body') : answer(fields);
  }

  /** The same `outTrackId` again delivers nothing: there is one such card. */
  function create(fields: Fields): WireReply {
    const { outTrackId, imGroupOpenDeliverModel: deliver, imGroupOpenSpaceModel: space } = fields;
    const unknown = [
      ...strangers(fields, CREATE),
      ...(isFields(deliver) ? strangers(deliver, DELIVER) : []),
      ...(isFields(space) ? strangers(space, SPACE) : []),
    ];
    if (unknown.length > 0) return unknownNames(unknown);
    if (!isText(outTrackId)) return refusal(400, 'param.outTrackIdEmpty', 'param.outTrackIdEmpty');
    if (fields['cardTemplateId'] !== dingtalk.cardTemplateId) {
      return refusal(400, 'param.cardTemplateNotExist', 'param.cardTemplateNotExist');
    }
    if (fields['openSpaceId'] !== SPACE_ID || !isFields(space)) {
      return refusal(400, 'param.openSpaceModelInvalid', 'param.openSpaceModelInvalid');
    }
    if (!isFields(deliver) || deliver['robotCode'] !== dingtalk.robotCode) {
      return refusal(400, 'param.openDeliverModelInvalid', 'param.openDeliverModelInvalid');
    }
    if (fields['callbackType'] !== 'HTTP' || !isText(fields['callbackRouteKey'])) {
      return refusal(400, 'param.callbackRouteKeyEmpty', 'param.callbackRouteKeyEmpty');
    }
    const cardParamMap = paramsOf(fields['cardData']);
    if (cardParamMap === undefined) {
      return refusal(400, 'param.cardPublicDataEmpty', 'param.cardPublicDataEmpty');
    }
    if (conversation.find('dingtalk', outTrackId) === undefined) {
      const atUserIds = isFields(deliver['atUserIds']) ? Object.keys(deliver['atUserIds']) : [];
      conversation.add({
        platform: 'dingtalk',
        id: outTrackId,
        author: 'latchkey',
        atMs: nowMs(),
        onlyFor: null,
        mentions: atUserIds.map((user) => memberOf('dingtalk', user)?.id ?? user),
        body: { kind: 'template', cardParamMap, privateData: {} },
      });
    }
    const { conversationId } = dingtalk;
    const delivered = { spaceId: conversationId, spaceType: 'IM_GROUP', success: true };
    const deliverResults = [{ ...delivered, carrierId: outTrackId, errorMsg: '' }];
    return json(200, { success: true, result: { outTrackId, deliverResults } });
  }

  function update(fields: Fields): WireReply {
    const { outTrackId, cardUpdateOptions: options = {} } = fields;
    if (!isFields(options)) return unknownNames(['cardUpdateOptions']);
    const unknown = [...strangers(fields, UPDATE), ...strangers(options, UPDATE_OPTIONS)];
    if (unknown.length > 0) return unknownNames(unknown);
    if (!isText(outTrackId)) return refusal(400, 'param.outTrackIdEmpty', 'param.outTrackIdEmpty');
    const message = conversation.find('dingtalk', outTrackId);
    const cardParamMap = paramsOf(fields['cardData']);
    if (message?.body.kind !== 'template') {
      return refusal(400, 'param.cardNotExist', 'param.cardNotExist');
    }
    if (cardParamMap === undefined) {
      return refusal(400, 'param.cardPublicDataEmpty', 'param.cardPublicDataEmpty');
    }
    const byKey = options['updateCardDataByKey'] === true;
    const before = byKey ? message.body.cardParamMap : {};
    const body = { ...message.body, cardParamMap: { ...before, ...cardParamMap } };
    conversation.edit(message, body);
    return json(200, { success: true, result: true });
  }
}

/** What a callback is answered with changes the clicker's copy alone. */
export function updateCopy(
  conversation: Conversation,
  message: Message,
  memberId: string,
  answer: Fields,
): void {
  const own = paramsOf(answer['userPrivateData']) ?? paramsOf(answer['cardData']);
  if (own === undefined || message.body.kind !== 'template') return;
  const { privateData } = message.body;
  const copy = { ...privateData[memberId], ...own };
  conversation.edit(message, {
    ...message.body,
    privateData: { ...privateData, [memberId]: copy },
  });
}

/** "all values are strings": https://open.dingtalk.com/document/development/message-card-sending-and-updating */
function paramsOf(cardData: unknown): Params | undefined {
  const params = isFields(cardData) ? cardData['cardParamMap'] : undefined;
  if (!isFields(params) || Object.keys(params).length === 0) return undefined;
  return Object.values(params).every((value) => typeof value === 'string')
    ? (params as Params)
    : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

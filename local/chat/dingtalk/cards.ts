import type { Conversation } from '../conversation.ts';
import type { Surroundings } from '../platform.ts';
import type { TokenApi } from '../token-store.ts';
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
import { nameOf, WORKSPACE } from '../workspace.ts';
import { missing, refusal, unknownNames } from './answers.ts';

/** The field names of the official SDK: aliyun/dingtalk-sdk, card_1_0. */
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

/** Interactive cards: the app creates and delivers a card to the group, then updates it. */
export function cardApi(tokens: TokenApi, { conversation }: Surroundings): readonly Route[] {
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

  /** A repeated `outTrackId` delivers no second card. */
  function create(fields: Fields): WireReply {
    const { outTrackId, imGroupOpenDeliverModel: deliver, imGroupOpenSpaceModel: space } = fields;
    const unknown = [
      ...strangers(fields, CREATE),
      ...(isFields(deliver) ? strangers(deliver, DELIVER) : []),
      ...(isFields(space) ? strangers(space, SPACE) : []),
    ];
    if (unknown.length > 0) return unknownNames(unknown);
    if (!isText(outTrackId)) return wrong('outTrackIdEmpty');
    if (fields['cardTemplateId'] !== dingtalk.cardTemplateId) {
      return wrong('cardTemplateNotExist');
    }
    if (fields['openSpaceId'] !== SPACE_ID || !isFields(space)) {
      return wrong('openSpaceModelInvalid');
    }
    if (!isFields(deliver) || deliver['robotCode'] !== dingtalk.robotCode) {
      return wrong('openDeliverModelInvalid');
    }
    if (fields['callbackType'] !== 'HTTP' || !isText(fields['callbackRouteKey'])) {
      return wrong('callbackRouteKeyEmpty');
    }
    const cardParamMap = paramsOf(fields['cardData']);
    if (cardParamMap === undefined) {
      return wrong('cardPublicDataEmpty');
    }
    if (conversation.find('dingtalk', outTrackId) === undefined) {
      const atUserIds = isFields(deliver['atUserIds']) ? Object.keys(deliver['atUserIds']) : [];
      conversation.add({
        platform: 'dingtalk',
        id: outTrackId,
        author: 'latchkey',
        mentions: atUserIds.map((user) => nameOf('dingtalk', user)),
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
    if (!isText(outTrackId)) return wrong('outTrackIdEmpty');
    const message = conversation.find('dingtalk', outTrackId);
    const cardParamMap = paramsOf(fields['cardData']);
    if (message?.body.kind !== 'template') {
      return wrong('cardNotExist');
    }
    if (cardParamMap === undefined) {
      return wrong('cardPublicDataEmpty');
    }
    const byKey = options['updateCardDataByKey'] === true;
    const before = byKey ? message.body.cardParamMap : {};
    const body = { ...message.body, cardParamMap: { ...before, ...cardParamMap } };
    conversation.edit(message, body);
    return json(200, { success: true, result: true });
  }
}

/** The answer to a click changes only the copy of the member who clicked. */
export function updateCopy(
  conversation: Conversation,
  outTrackId: string,
  memberId: string,
  answer: Fields,
): void {
  const own = paramsOf(answer['userPrivateData']) ?? paramsOf(answer['cardData']);
  // The current version: the app may have updated the card before it answered the click.
  const message = conversation.find('dingtalk', outTrackId);
  if (own === undefined || message?.body.kind !== 'template') return;
  const { privateData } = message.body;
  const copy = { ...privateData[memberId], ...own };
  conversation.edit(message, {
    ...message.body,
    privateData: { ...privateData, [memberId]: copy },
  });
}

function wrong(name: string): WireReply {
  return refusal(400, `param.${name}`, `param.${name}`);
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

import type { MessengerSettings } from '../messenger-settings.ts';

export const dingtalkSettings: MessengerSettings = {
  about: 'One organisation. Without it: not set up.',
  ids: {
    corpId: 'Id of the organisation.',
    robotCode: 'Code of the robot.',
    appKey: 'Key of the application. It is not a secret.',
    cardTemplateId: 'Id of the card template: docs/dingtalk-card.md.',
  },
  tenant: 'corpId',
  secrets: {
    appSecret: {
      about: 'the secret of the application',
      default: 'DINGTALK_APP_SECRET',
      kind: 'text',
      usedBy: ['chat', 'messenger'],
    },
    cardSecret: {
      about: '"apiSecret" of the registered card callback',
      default: 'DINGTALK_CARD_SECRET',
      kind: 'text',
      usedBy: ['chat'],
    },
    pathSecret: {
      about: "the secret part of the callback's path",
      default: 'DINGTALK_PATH_SECRET',
      kind: 'path',
      usedBy: ['chat'],
    },
    aesKey: {
      about: 'the key of encrypted messages. Without it, messages are not encrypted',
      default: null,
      kind: 'aes-key',
      usedBy: ['chat'],
    },
  },
  /** Our own choice. */
  lowRiskInstances: {
    default: 20,
    about:
      'An approval in DingTalk is enough for up to this many instances, because its signature does not cover the message. Default 20.',
  },
};

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
    appSecret: { usedBy: ['chat', 'messenger'], about: 'the secret of the application' },
    cardSecret: { usedBy: ['chat'], about: '"apiSecret" of the registered card callback' },
    pathSecret: { kind: 'path', usedBy: ['chat'], about: "the secret part of the callback's path" },
    aesKey: {
      kind: 'aes-key',
      isOptional: true,
      usedBy: ['chat'],
      about: 'the key of encrypted messages. Without it, messages are not encrypted',
    },
  },
  /** Our own choice. */
  lowRiskInstances: {
    default: 20,
    about:
      'An approval in DingTalk is enough for up to this many instances, because its signature does not cover the message. Default 20.',
  },
};

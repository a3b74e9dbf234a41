import type { MessengerSettings } from '../messenger-settings.ts';

export const feishuSettings: MessengerSettings = {
  about: 'One tenant. Without it: not set up.',
  ids: {
    tenantKey: 'Key of the tenant.',
    appId: 'Id of the app, such as "cli_0001".',
  },
  tenant: 'tenantKey',
  secrets: {
    appSecret: {
      about: 'the secret of the app',
      default: 'FEISHU_APP_SECRET',
      kind: 'text',
      usedBy: ['messenger'],
    },
    encryptKey: {
      about: 'the Encrypt Key',
      default: 'FEISHU_ENCRYPT_KEY',
      kind: 'text',
      usedBy: ['chat'],
    },
    verificationToken: {
      about: 'the Verification Token',
      default: 'FEISHU_VERIFICATION_TOKEN',
      kind: 'text',
      usedBy: ['chat'],
    },
  },
};

import type { MessengerSettings } from '../messenger-settings.ts';

export const feishuSettings: MessengerSettings = {
  about: 'One tenant. Without it: not set up.',
  ids: {
    tenantKey: 'Key of the tenant.',
    appId: 'Id of the app, such as "cli_0001".',
  },
  tenant: 'tenantKey',
  secrets: {
    appSecret: { usedBy: ['messenger'], about: 'the secret of the app' },
    encryptKey: { usedBy: ['chat'], about: 'the Encrypt Key' },
    verificationToken: { usedBy: ['chat'], about: 'the Verification Token' },
  },
};

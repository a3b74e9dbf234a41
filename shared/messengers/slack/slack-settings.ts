import type { MessengerSettings } from '../messenger-settings.ts';

export const slackSettings: MessengerSettings = {
  about: 'One workspace. Without it: not set up.',
  ids: {
    teamId: 'Id of the workspace, such as "T0001".',
    appId: 'Id of the app, such as "A0001".',
  },
  tenant: 'teamId',
  secrets: {
    signingSecret: { usedBy: ['chat'], about: 'the signing secret of the app' },
    botToken: { usedBy: ['messenger'], about: "the token of the app's bot user" },
  },
};

import type { MessengerSettings } from '../messenger-settings.ts';

export const slackSettings: MessengerSettings = {
  about: 'One workspace. Without it: not set up.',
  ids: {
    teamId: 'Id of the workspace, such as "T0001".',
    appId: 'Id of the app, such as "A0001".',
  },
  tenant: 'teamId',
  secrets: {
    signingSecret: {
      about: 'the signing secret of the app',
      default: 'SLACK_SIGNING_SECRET',
      kind: 'text',
      usedBy: ['chat'],
    },
    botToken: {
      about: "the token of the app's bot user",
      default: 'SLACK_BOT_TOKEN',
      kind: 'text',
      usedBy: ['messenger'],
    },
  },
};

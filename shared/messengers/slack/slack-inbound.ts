import type { InboundMessenger } from '../inbound-messenger.ts';
import { readSlack, type SlackApp } from './slack-in.ts';
import { slackMessage } from './slack-render.ts';
import { verifySlack } from './slack-signature.ts';

export const slackInbound: InboundMessenger = {
  path: /^\/chat\/slack$/,
  contentType: 'form',
  retriesLines: false,

  receive({ headers, body }, app: SlackApp, { nowMs }) {
    verifySlack({ headers, body, signingSecret: app.signingSecret, nowMs });
    return readSlack(body, app, nowMs);
  },

  // https://docs.slack.dev/interactivity/implementing-slash-commands
  answerLine: (card) => ({ response_type: 'ephemeral', ...slackMessage(card) }),
};

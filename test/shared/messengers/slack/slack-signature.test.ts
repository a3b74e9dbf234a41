import { test } from 'vitest';
import { LatchkeyError } from '../../../../shared/domain/model/errors.ts';
import {
  slackSignature,
  verifySlack,
} from '../../../../shared/messengers/slack/slack-signature.ts';
import { vectorsOf } from '../../../support/vectors.ts';

interface Variation {
  readonly name: string;
  readonly body_append?: string;
  readonly now?: number;
  readonly now_offset?: number;
  readonly drop?: readonly string[];
  readonly set?: Readonly<Record<string, string>>;
}
interface Vectors {
  readonly vector: {
    readonly secret: string;
    readonly timestamp: string;
    readonly body: string;
    readonly signature: string;
  };
  readonly negative: readonly Variation[];
}

const files = vectorsOf<Vectors>('slack.json');

function requestOf({ vector }: Vectors, variation: Variation) {
  const headers: Record<string, string> = {
    'x-slack-request-timestamp': vector.timestamp,
    'x-slack-signature': vector.signature,
    ...variation.set,
  };
  for (const name of variation.drop ?? []) delete headers[name];
  return {
    headers,
    body: Buffer.from(vector.body + (variation.body_append ?? '')),
    signingSecret: vector.secret,
    nowMs: (variation.now ?? Number(vector.timestamp) + (variation.now_offset ?? 0)) * 1_000,
  };
}

test.for(files)(
  'the worked example of Slack holds, up to five minutes away',
  (file, { expect }) => {
    for (const now_offset of [0, 300, -300]) {
      expect(() => verifySlack(requestOf(file, { name: 'published', now_offset }))).not.toThrow();
    }
  },
);

test.for(files.flatMap((file) => file.negative.map((one) => [one.name, file, one] as const)))(
  'refused: %s',
  ([, file, variation], { expect }) => {
    const refused = new LatchkeyError(
      'unsigned',
      'Cannot accept the request: not signed by the chat platform and app that are set up',
    );
    expect(() => verifySlack(requestOf(file, variation))).toThrow(refused);
  },
);

test.for(['01531420618', '1531420618.0', '+1531420618', ' 1531420618', '1531420618,1531420618'])(
  'a timestamp of the form "%s" is refused, though it was signed',
  (timestamp, { expect }) => {
    const body = Buffer.from('text=help');
    const headers = {
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': slackSignature('secret-of-tests', timestamp, body),
    };
    const nowMs = 1_531_420_618_000;
    expect(() => verifySlack({ headers, body, signingSecret: 'secret-of-tests', nowMs })).toThrow();
  },
);

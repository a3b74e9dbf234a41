import { describe, test } from 'vitest';
import { refusal } from '../../local/cloud/fc/api/signature.ts';
import { aDeadLetterQueue, base64, cardOf, LAUNCH, ownLetter, wakeOf } from './redrive-world.ts';

const SECRET = 'secret-of-its-author';
const REPLY = JSON.stringify({
  schema: 'latchkey.reply/1',
  id: 'or-1',
  to: {
    place: { platform: 'slack', tenant: 'T1', channel: SECRET },
    user: 'U1',
    url: `https://hooks.slack.com/commands/${SECRET}`,
    untilMs: 0,
    messageId: '',
  },
  card: { title: SECRET, tone: 'good', blocks: [], buttons: [], mention: null },
  attempt: 1,
});
const IN_ENVELOPE = (...bodies: readonly string[]) =>
  JSON.stringify(bodies.map((messageBody) => ({ data: { messageBody } })));

describe('without a flag', () => {
  test('it changes nothing', async ({ expect, onTestFinished }) => {
    const { send, advance, redrive, bodiesIn } = await aDeadLetterQueue(onTestFinished);
    const a = send(ownLetter(wakeOf('a'), 'no such rollout'));
    const b = send(ownLetter('x'.repeat(300)));
    advance(180_000);
    const { exit, out, err } = await redrive();
    expect([exit, err]).toEqual([0, '']);
    expect(out.split('\n').map((line) => line.replace(/ +/g, ' '))).toEqual([
      '2 messages in latchkey-dead',
      'MESSAGE AGE TO WHY',
      `${a} 3 min latchkey-results no such rollout`,
      ` ${wakeOf('a')}`,
      `${b} 3 min – because`,
      ` ${'x'.repeat(197)}…`,
      ' cannot be sent again: it holds no message of Latchkey',
      '',
      'to send them again: --send',
      '',
    ]);
    expect(bodiesIn('latchkey-results')).toEqual([]);
    expect(bodiesIn('latchkey-dead')).toHaveLength(2);
  });

  test('it counts messages that SMQ does not show', async ({ expect, onTestFinished }) => {
    const { send, redrive } = await aDeadLetterQueue(onTestFinished);
    for (let i = 0; i < 20; i += 1) send(ownLetter(wakeOf('a')));
    const { out } = await redrive();
    expect(out).toMatch(
      /^20 messages in latchkey-dead; SMQ shows only the first 16, so 4 not shown/,
    );
  });

  test('an empty queue is no error, and raises no question', async ({ expect, onTestFinished }) => {
    const { redrive } = await aDeadLetterQueue(onTestFinished);
    for (const args of ['', '--send']) {
      const { exit, out } = await redrive(args);
      expect([exit, out]).toEqual([0, expect.stringMatching(/^0 messages in latchkey-dead\n/)]);
    }
  });
});

describe('with --send', () => {
  test('messages go to their queue, launches to their function, and the rest stays', async ({
    expect,
    onTestFinished,
  }) => {
    const { kernel, send, calls, redrive, bodiesIn } = await aDeadLetterQueue(onTestFinished);
    send(ownLetter(wakeOf('a')));
    send(JSON.stringify({ data: { messageBody: wakeOf('b') } }));
    send(ownLetter(cardOf('c'), 'no such rollout'));
    send(IN_ENVELOPE(REPLY));
    send(LAUNCH);
    send('what is this');
    const { exit, out } = await redrive('--send --yes --json');
    expect(exit).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      queue: 'latchkey-dead',
      total: 6,
      messages: [
        { state: 'sent', to: ['latchkey-results'], why: 'because', remark: '' },
        { state: 'sent', to: ['latchkey-results'], why: 'its trigger could not deliver it' },
        { state: 'sent', to: ['latchkey-chat'], why: 'no such rollout', text: cardOf('c') },
        { state: 'sent', to: ['latchkey-chat'] },
        { state: 'sent', to: ['latchkey-launch'], text: LAUNCH },
        {
          state: 'left',
          to: [],
          remark: 'cannot be sent again: it is neither JSON nor base64 of JSON',
          text: 'what is this',
        },
      ],
      missing: [],
      brokeOff: null,
    });
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({
      path: '/2023-03-30/functions/latchkey-launch/invocations',
      headers: { 'x-fc-invocation-type': 'Sync' },
    });
    expect(calls[0]?.body.toString()).toBe(LAUNCH);
    expect(refusal(calls[0]!, 'api', kernel.account, Date.now())).toBeUndefined();
    expect(bodiesIn('latchkey-results')).toEqual([base64(wakeOf('a')), base64(wakeOf('b'))]);
    expect(bodiesIn('latchkey-chat')).toEqual([base64(cardOf('c')), base64(REPLY)]);
    expect(bodiesIn('latchkey-dead')).toEqual(['what is this']);
  });

  test('a batch for both queues goes to each', async ({ expect, onTestFinished }) => {
    const { send, redrive, bodiesIn } = await aDeadLetterQueue(onTestFinished);
    send(IN_ENVELOPE(wakeOf('a'), cardOf('b')));
    const { exit, out } = await redrive('--send --yes');
    expect(exit).toBe(0);
    expect(out).toContain('latchkey-results, latchkey-chat');
    expect(bodiesIn('latchkey-results')).toEqual([base64(wakeOf('a'))]);
    expect(bodiesIn('latchkey-chat')).toEqual([base64(cardOf('b'))]);
    expect(bodiesIn('latchkey-dead')).toEqual([]);
  });

  test('it asks first, and the answer no changes nothing', async ({ expect, onTestFinished }) => {
    const { send, redrive, bodiesIn } = await aDeadLetterQueue(onTestFinished);
    send(ownLetter(wakeOf('a')));
    send(ownLetter('nonsense'));
    const no = await redrive('--send', { answer: 'n' });
    expect(no).toMatchObject({ exit: 6, asked: ['Send 1 message again? [y/N] '] });
    expect(no.out).toContain(wakeOf('a'));
    expect(bodiesIn('latchkey-results')).toEqual([]);
    const yes = await redrive('--send', { answer: 'y' });
    expect(yes).toMatchObject({ exit: 1, asked: ['Send 1 message again? [y/N] '] });
    expect(yes.out).toContain('\nsent 1, left 1\n');
    // Shown once, above the question.
    expect(yes.out.split(wakeOf('a'))).toHaveLength(2);
    expect(bodiesIn('latchkey-results')).toEqual([base64(wakeOf('a'))]);
  });

  test.for(['--send', '--send --json', '--discard --message ID', '--discard --message ID --json'])(
    '%s needs --yes when nobody can be asked',
    async (args, { expect, onTestFinished }) => {
      const { send, redrive, bodiesIn } = await aDeadLetterQueue(onTestFinished);
      const id = send(ownLetter(wakeOf('a')));
      const { exit, err } = await redrive(args.replace('ID', id));
      expect([exit, err]).toEqual([2, expect.stringContaining('with --yes to skip the question')]);
      expect(bodiesIn('latchkey-dead')).toHaveLength(1);
      expect(bodiesIn('latchkey-results')).toEqual([]);
    },
  );

  test('--json never asks, even in a terminal', async ({ expect, onTestFinished }) => {
    const { send, redrive } = await aDeadLetterQueue(onTestFinished);
    send(ownLetter(wakeOf('a')));
    expect(await redrive('--send --json', { answer: 'y' })).toMatchObject({ exit: 2, asked: [] });
  });

  test('without a message that can be sent it does not ask, and leaves all', async ({
    expect,
    onTestFinished,
  }) => {
    const { send, redrive } = await aDeadLetterQueue(onTestFinished);
    send(ownLetter('nonsense'));
    const { exit, out } = await redrive('--send');
    expect([exit, out]).toEqual([1, expect.stringContaining('\nleft 1\n')]);
  });

  test('more than one batch is sent, and each message once', async ({ expect, onTestFinished }) => {
    const { send, redrive, bodiesIn } = await aDeadLetterQueue(onTestFinished);
    const wakes = 'abcdefghijklmnopqrstuvwxyz'.split('').map(wakeOf);
    for (const wake of wakes) send(ownLetter(wake));
    const { exit, out, asked } = await redrive('--send', { answer: 'yes' });
    expect(exit).toBe(0);
    expect(asked).toEqual(['Send 16 messages again, and up to 10 not shown? [y/N] ']);
    expect(out).toContain('sent 26\n');
    expect(out).toContain(wakeOf('z'));
    expect(bodiesIn('latchkey-results').toSorted()).toEqual(wakes.map(base64).toSorted());
    expect(bodiesIn('latchkey-dead', 3_600_000)).toEqual([]);
  });

  test('messages that arrive during the question are not sent, and those that vanish are reported', async ({
    expect,
    onTestFinished,
  }) => {
    const { send, redrive, bodiesIn } = await aDeadLetterQueue(onTestFinished, {
      whileAsked: (smq) => {
        // Another reader receives it.
        smq.receive('latchkey-dead', 16);
        smq.send('latchkey-dead', ownLetter(wakeOf('b')));
      },
    });
    const id = send(ownLetter(wakeOf('a')));
    const { exit, err } = await redrive('--send');
    expect([exit, err]).toEqual([1, expect.stringContaining(`Cannot find message "${id}"`)]);
    expect(bodiesIn('latchkey-results')).toEqual([]);
    expect(bodiesIn('latchkey-dead')).toEqual([ownLetter(wakeOf('b'))]);
  });

  test('messages that SMQ counted but did not deliver are reported', async ({
    expect,
    onTestFinished,
  }) => {
    const { send, redrive } = await aDeadLetterQueue(onTestFinished, {
      // Another reader receives it.
      whileAsked: (smq) => smq.receive('latchkey-dead', 16),
    });
    for (let i = 0; i < 20; i += 1) send(ownLetter(wakeOf('a')));
    const { exit, out, err } = await redrive('--send', { answer: 'y' });
    expect(exit).toBe(1);
    expect(out).toContain('sent 4\n');
    expect(err).toContain('16 messages of those counted did not arrive');
  });

  test('a message that fails and comes back as a new letter is not sent again', async ({
    expect,
    onTestFinished,
  }) => {
    const { send, redrive, bodiesIn, smq } = await aDeadLetterQueue(onTestFinished, {
      whileItRuns: () => smq.send('latchkey-dead', LAUNCH),
    });
    send(LAUNCH);
    const { exit, out } = await redrive('--send --yes');
    expect([exit, out]).toEqual([0, expect.stringContaining('\nsent 1\n')]);
    expect(bodiesIn('latchkey-dead')).toEqual([LAUNCH]);
  });

  test('it sends no more messages than there were at the start, when SMQ does not show all', async ({
    expect,
    onTestFinished,
  }) => {
    const { send, redrive, bodiesIn, smq } = await aDeadLetterQueue(onTestFinished, {
      whileItRuns: () => smq.send('latchkey-dead', LAUNCH),
    });
    for (let i = 0; i < 18; i += 1) send(LAUNCH);
    const { out } = await redrive('--send --yes');
    expect(out).toContain('\nsent 18\n');
    expect(bodiesIn('latchkey-dead')).toHaveLength(18);
  });

  test('an event whose function failed stays, and is visible again at once', async ({
    expect,
    onTestFinished,
  }) => {
    const fc = {
      headers: { 'x-fc-error-type': 'UnhandledInvocationError' },
      body: JSON.stringify({ errorMessage: 'no policy' }),
    };
    const { send, redrive, bodiesIn } = await aDeadLetterQueue(onTestFinished, { fc });
    send(LAUNCH);
    const { exit, out } = await redrive('--send --yes');
    expect(exit).toBe(1);
    expect(out).toContain('Cannot call latchkey-launch: UnhandledInvocationError: ');
    expect(out).toContain('no policy');
    expect(bodiesIn('latchkey-dead')).toEqual([LAUNCH]);
  });

  test('a message that the queue refuses is left', async ({ expect, onTestFinished }) => {
    const faults = [{ service: 'smq', action: 'BatchSendMessage', kind: 'throttle' }] as const;
    const { send, redrive, bodiesIn } = await aDeadLetterQueue(onTestFinished, { faults });
    send(ownLetter(wakeOf('a')));
    const { exit, out } = await redrive('--send --yes');
    expect(exit).toBe(1);
    expect(out).toContain('Cannot send to queue "latchkey-results": QpsLimitExceeded');
    expect(bodiesIn('latchkey-dead')).toEqual([ownLetter(wakeOf('a'))]);
  });

  test('a message that was sent but not deleted is reported', async ({
    expect,
    onTestFinished,
  }) => {
    const faults = [{ service: 'smq', action: 'BatchDeleteMessage', kind: 'html502' }] as const;
    const { send, redrive, bodiesIn } = await aDeadLetterQueue(onTestFinished, { faults });
    send(ownLetter(wakeOf('a')));
    const { exit, out } = await redrive('--send --yes');
    expect(exit).toBe(1);
    expect(out).toContain('not deleted: the next run will send it again');
    expect(bodiesIn('latchkey-results')).toHaveLength(1);
    expect(bodiesIn('latchkey-dead', 180_000)).toHaveLength(1);
  });

  test('slow functions lose no letter to other readers, and none is called twice', async ({
    expect,
    onTestFinished,
  }) => {
    const { send, calls, redrive, bodiesIn } = await aDeadLetterQueue(onTestFinished, {
      whileItRuns: ({ advance }) => advance(120_000),
    });
    const events = ['e-1', 'e-2', 'e-3', 'e-4'].map((id) => LAUNCH.replace('e-1', id));
    for (const event of events) send(event);
    const { exit, out } = await redrive('--send --yes');
    expect([exit, out]).toEqual([0, expect.stringContaining('\nsent 4\n')]);
    expect(out).not.toContain('not deleted');
    expect(calls.map(({ body }) => body.toString()).toSorted()).toEqual(events);
    expect(bodiesIn('latchkey-dead', 3_600_000)).toEqual([]);
  });

  test('when SMQ stops answering halfway, the work done so far is printed', async ({
    expect,
    onTestFinished,
  }) => {
    const faults = [
      { service: 'smq', action: 'BatchReceiveMessage', kind: 'html502', nth: 2 },
    ] as const;
    const { send, redrive } = await aDeadLetterQueue(onTestFinished, { faults });
    for (let i = 0; i < 20; i += 1) send(ownLetter(wakeOf('a')));
    const { exit, out } = await redrive('--send --yes');
    expect(exit).toBe(4);
    expect(out).toContain('sent 16\nstopped early: Cannot read queue "latchkey-dead"');
  });
});

describe('with --message', () => {
  test('only this message is shown and sent, and the others are visible again at once', async ({
    expect,
    onTestFinished,
  }) => {
    const { send, redrive, bodiesIn } = await aDeadLetterQueue(onTestFinished);
    const letters = 'abcdefghijklmnopqrstuvwx'.split('');
    const ids = letters.map((letter) => send(ownLetter(wakeOf(letter))));
    const look = await redrive(`--message ${ids[1]}`);
    expect(look.out).toContain(wakeOf('b'));
    expect(look.out).not.toContain(wakeOf('a'));
    // One that SMQ shows, and one that it does not.
    const args = `--send --yes --json --message ${ids[1]} --message ${ids[20]}`;
    const { exit, out } = await redrive(args);
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      total: 24,
      messages: [{ messageId: ids[1] }, { messageId: ids[20] }],
    });
    expect(bodiesIn('latchkey-results')).toEqual([wakeOf('b'), wakeOf('u')].map(base64));
    expect(bodiesIn('latchkey-dead')).toHaveLength(22);
  });

  test('a missing message is reported', async ({ expect, onTestFinished }) => {
    const { send, redrive, bodiesIn } = await aDeadLetterQueue(onTestFinished);
    send(ownLetter(wakeOf('a')));
    for (const args of ['', ' --send', ' --discard --yes']) {
      const { exit, err } = await redrive(`--message 5F29-1${args}`);
      expect([exit, err]).toEqual([1, expect.stringContaining('Cannot find message "5F29-1"')]);
    }
    expect(bodiesIn('latchkey-dead')).toHaveLength(1);
  });
});

describe('with --discard', () => {
  test('the named messages are deleted for good, after a question', async ({
    expect,
    onTestFinished,
  }) => {
    const { send, redrive, bodiesIn } = await aDeadLetterQueue(onTestFinished);
    const id = send(ownLetter('nonsense'));
    send(ownLetter(wakeOf('a')));
    const no = await redrive(`--discard --message ${id}`, { answer: 'n' });
    expect(no).toMatchObject({ exit: 6, asked: ['Delete 1 message for good? [y/N] '] });
    const yes = await redrive(`--discard --message ${id}`, { answer: 'y' });
    expect([yes.exit, yes.out]).toEqual([0, expect.stringContaining('\ndiscarded 1\n')]);
    expect(bodiesIn('latchkey-dead')).toEqual([ownLetter(wakeOf('a'))]);
    expect(bodiesIn('latchkey-results')).toEqual([]);
  });

  test('a message that SMQ did not delete is reported', async ({ expect, onTestFinished }) => {
    const faults = [{ service: 'smq', action: 'BatchDeleteMessage', kind: 'html502' }] as const;
    const { send, redrive } = await aDeadLetterQueue(onTestFinished, { faults });
    const { exit, out } = await redrive(`--discard --yes --message ${send('x')}`);
    expect([exit, out]).toEqual([1, expect.stringContaining('possibly not deleted')]);
  });
});

test('chat messages and their reply addresses are never printed', async ({
  expect,
  onTestFinished,
}) => {
  const { send, redrive } = await aDeadLetterQueue(onTestFinished);
  send(ownLetter(REPLY, `"/to/url": Cannot take "https://hooks.slack.com/${SECRET}": no`));
  send(IN_ENVELOPE(REPLY));
  send(REPLY.slice(0, -1));
  for (const args of ['', '--json', '--send --yes']) {
    const { out, err } = await redrive(args);
    expect(out).toContain('latchkey.reply/1');
    expect(out + err).not.toContain(SECRET);
  }
});

test.for([
  ['--send --discard --message a', 'Cannot use --send and --discard together'],
  ['--discard', 'Cannot discard: name the messages with --message'],
  ['--message a/b', 'Cannot use --message "a/b"'],
  ['--sned', "unknown option '--sned'"],
  ['more', 'too many arguments'],
])('"%s" is wrong usage', async ([args, message], { expect, onTestFinished }) => {
  const { redrive } = await aDeadLetterQueue(onTestFinished);
  const { exit, err } = await redrive(args);
  expect([exit, err]).toEqual([2, expect.stringContaining(message!)]);
});

test('a missing queue is refused, and a silent one is unreachable', async ({
  expect,
  onTestFinished,
}) => {
  const faults = [{ service: 'smq', action: 'BatchPeekMessage', kind: 'html502' }] as const;
  const { redrive } = await aDeadLetterQueue(onTestFinished, { faults });
  const refused = await redrive('', { env: { SMQ_DEAD_LETTER_QUEUE: 'nowhere' } });
  expect(refused).toMatchObject({
    exit: 3,
    err: expect.stringContaining('Cannot read queue "nowhere": QueueNotExist'),
  });
  expect((await redrive()).exit).toBe(4);
});

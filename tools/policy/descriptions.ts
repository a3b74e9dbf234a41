import { type Platform, PLATFORM_NAMES, PLATFORMS } from '../../shared/domain/model/chat.ts';
import { MESSENGER_SETTINGS } from '../../shared/messengers/registry/settings.ts';

/** The text that an editor shows for a field, and JSON Schema keywords that our own schema does not have. */
type About = string | { readonly description: string; readonly [keyword: string]: unknown };

const WINDOW = {
  '': 'When instances may be restarted. Without a window, at any time.',
  '.days': 'Days on which the window begins.',
  '.days[]': 'A day on which the window begins.',
  '.start': 'HH:MM, the first minute inside.',
  '.end':
    'HH:MM, the first minute after the window. It is on the next day unless it is later than "start".',
  '.timeZone': 'IANA name, such as "Asia/Shanghai".',
};

const FREEZE = {
  '': 'Periods without restarts, whatever the window says.',
  '[]': 'One period without restarts.',
  '[].from': {
    description: 'RFC 3339 with an offset, such as "2026-11-10T20:00:00+08:00".',
    format: 'date-time',
  },
  '[].until': {
    description: 'The end: the first moment after the freeze, in RFC 3339.',
    format: 'date-time',
  },
  '[].reason': 'Shown to everyone who asks why a rollout waits.',
};

const GATE = {
  '': 'Asked before and after each wave whether the system is healthy enough.',
  '.url': {
    description: 'https; plain http for a loopback host only.',
    format: 'uri',
  },
  '.secretName': 'The environment variable with the one secret that signs the questions.',
  '.timeoutSeconds': {
    description: 'How long to wait for an answer. No answer counts as "wait".',
    exclusiveMinimum: 0,
    maximum: 10,
  },
};

const TAGS = 'Tags with exactly these values; "*" means any value.';

const GRANTS = {
  '.keyPairs': 'The key pairs that may be bound, also by an undo. Required with "ask" or "undo".',
  '.keyPairs[]':
    'By name and fingerprint: a key pair that was created again under the same name is a different one.',
  '.keyPairs[].name': 'KeyPairName.',
  '.keyPairs[].fingerprint': 'KeyPairFingerPrint of DescribeKeyPairs.',
  '.instances': 'Which instances may be changed. Without it: any.',
  '.instances.tags': {
    description: `What every instance must have. ${TAGS}`,
    minProperties: 1,
  },
  '.maxInstances': 'The most instances of one rollout. Required with "ask" or "undo".',
  '.restart': 'The permitted values of "restart". Required with "ask" or "undo".',
  '.restart[]': 'A value of "restart" in a request.',
  '.attach': 'The permitted values of "attach". Required with "ask" or "undo".',
  '.attach[]': 'A value of "attach" in a request.',
  '.approval': 'When a rollout waits for the approval of others. Without it: never.',
  '.approval.always': 'Every rollout that changes anything waits.',
  '.approval.aboveInstances': 'A rollout with more instances to attach or restart than this waits.',
  '.approval.tags': `A rollout with an instance that has all of these waits. ${TAGS}`,
  '.approval.withinSeconds': 'How long the rollout waits. After that it is denied.',
  '.approval.approvals': 'How many people have to approve. Default 1.',
  '.approval.highRisk':
    'When an approval is always needed, and a chat is not enough. Without it: never.',
  '.approval.highRisk.aboveInstances':
    'A rollout with more instances to attach or restart than this.',
  '.approval.highRisk.tags': `A rollout with an instance that has all of these. ${TAGS}`,
  '.breakGlass': 'Whether a request may bypass window, freezes and approval, with a reason.',
  '.maxOpenRollouts': 'The most rollouts that may be open at the same time.',
  ...under('.restartWindow', {
    ...WINDOW,
    '': 'Replaces the global restart window.',
  }),
  ...under('.freezes', { ...FREEZE, '': 'Added to the global freezes.' }),
  ...under('.healthGate', { ...GATE, '': 'Replaces the global health gate.' }),
};

const SECRET = 'The environment variable with';

const CHAT: Readonly<Record<string, About>> = {
  '': 'The chat platforms. Without it there is no chat door. Setup: docs/chatops.md.',
  '.buttonSecretName': `${SECRET} the secrets that sign buttons, in the form of those of clients.`,
  ...Object.assign({}, ...PLATFORMS.map(appOn)),
  '.channels': 'Channels that show rollouts which were requested elsewhere.',
  '.channels[]': 'One channel.',
  '.channels[].id': 'Its name in logs.',
  '.channels[].platform': 'The chat platform.',
  '.channels[].channel': "The platform's id of the channel. The command whoami shows it.",
  '.channels[].doors': 'Which rollouts it shows. Default: those of webhook and launch.',
  '.channels[].doors[]': 'Where a rollout was requested.',
};

/** `teamId of Slack`, … */
const tenants = PLATFORMS.map(
  (platform) => `${MESSENGER_SETTINGS[platform].tenant} of ${PLATFORM_NAMES[platform]}`,
);

const CONSOLE = {
  '': 'Who may see the console page. Without it there is no console. Setup: docs/console.md.',
  '.issuer': '"iss" of the accepted tokens.',
  '.audience': 'Must be in their "aud". Choose a name that no other service has.',
  '.cookie': 'The cookie with the token. Default "latchkey_session".',
  '.operators': 'Who is let in. Operators see every rollout, and change nothing.',
  '.operators[]': '"sub" of a token.',
};

/** The key is the path of the field; `[]` stands for the elements of a list. */
export const DESCRIPTIONS: Readonly<Record<string, About>> = {
  '': 'What Latchkey may do, and for whom. What is not permitted here is refused: docs/policy.md.',
  $schema: 'Where editors find this schema.',

  clients: 'Who may ask through the webhook.',
  'clients[]': 'One client. What it does not list is not permitted.',
  'clients[].id': 'Its name in answers, logs and histories.',
  'clients[].person':
    'The person who uses this client. In a chat, they cannot approve what they requested here.',
  'clients[].secretNames':
    'Environment variables with its secrets. Each holds one or more, in the form "whsec_" and base64; several during a rotation.',
  'clients[].secretNames[]': 'The name of a variable, never a secret.',
  'clients[].actions': 'What it may do. Nobody can approve their own request.',
  'clients[].actions[]': 'ask: POST /rollouts, also as a dry run; see: every GET.',
  ...under('clients[]', GRANTS),

  launch: 'Which launched instances get which key pair. The first rule that matches wins.',
  'launch[]': 'One rule for launches.',
  'launch[].name': 'Its name in logs, histories and "npm run policy -- explain".',
  'launch[].match': {
    description: 'All conditions must hold. At least one is required.',
    minProperties: 1,
  },
  'launch[].match.regionIds': 'One of these regions.',
  'launch[].match.regionIds[]': 'A region, such as "cn-hangzhou".',
  'launch[].match.accountIds': 'One of these accounts.',
  'launch[].match.accountIds[]': 'The number of an account.',
  'launch[].match.tags': TAGS,
  'launch[].match.namePrefix': 'The start of the name of the instance.',
  'launch[].match.imageIds': 'One of these images.',
  'launch[].match.imageIds[]': 'An image, such as "m-bp1…".',
  'launch[].match.launchTemplates': 'One of these, by id or name. Only ActionTrail reports it.',
  'launch[].match.launchTemplates[]': 'The id or the name of a launch template.',
  'launch[].match.launchedBy': 'One of these. Only ActionTrail reports it.',
  'launch[].match.launchedBy[]': 'A user name, a role name, or the number of an account.',
  'launch[].keyPairName': 'The key pair to bind.',
  'launch[].fingerprint':
    'Only the key pair with this fingerprint. Without it: any with this name.',
  'launch[].restart': 'Whether Running instances are rebooted, so that the key works at once.',
  'launch[].delaySeconds': 'How long after the launch the rule acts.',
  'launch[].replace': 'Also replace a different key pair that was set at launch.',
  'launch[].restartScalingMembers':
    'Also restart members of scaling groups. Auto Scaling may replace them because of it.',
  'launch[].restartYoungerThanSeconds': 'Older instances are not restarted. Default 3600.',

  ...under('restartWindow', WINDOW),
  ...under('freezes', FREEZE),
  ...under('healthGate', GATE),
  allowDetach:
    'Whether an undo may leave an instance without a key pair. Password login is then on again.',

  revokedKeyPairs: 'Never bound again, by any request, launch rule or undo.',
  'revokedKeyPairs[]': 'One key pair, or all of one name.',
  'revokedKeyPairs[].name': 'KeyPairName.',
  'revokedKeyPairs[].fingerprint': 'Only this one. Without it: every key pair of the name.',
  'revokedKeyPairs[].reason': 'Shown to everyone who requests it.',

  optOut: 'Tags by which the owner of an instance keeps Latchkey away from it.',
  'optOut.restart':
    'The key of the tag. Its value is "never", "approve" or "window"; any other counts as "never".',
  'optOut.attach':
    'The key of the tag. With any value, by convention "never", no key pair is attached.',

  notify: 'Channels that are notified of rollouts.',
  'notify[]': 'One channel.',
  'notify[].id': 'Its name in logs.',
  'notify[].url': { description: 'https; plain http for a loopback host only.', format: 'uri' },
  'notify[].secretName': 'The environment variable with the secrets that sign notices.',
  'notify[].on': 'The kinds of notice that it gets. Without it: all.',
  'notify[].on[]': 'A kind of notice.',

  ownRoles: 'RAM roles that Latchkey runs under. Launches by these roles start nothing.',
  'ownRoles[]': 'The name of a RAM role, not its ARN.',

  people: 'Who may ask and approve in a chat.',
  'people[]': 'One human with all of their accounts. What is not listed is not permitted.',
  'people[].id': 'Their name in answers, logs and histories. No client may have the same name.',
  'people[].accounts': 'Their accounts. Messages from these accounts are theirs.',
  'people[].accounts[]': 'An account, as the command whoami shows it.',
  'people[].accounts[].platform': 'The chat platform.',
  'people[].accounts[].tenant': `${tenants.join(', ')}.`,
  'people[].accounts[].user': "The user's id on the platform, never a name.",
  'people[].actions': 'What they may do. Nobody can approve their own request.',
  'people[].actions[]': 'ask: attach, restart and plan; see: status.',
  ...under('people[]', GRANTS),
  ...under('chat', CHAT),
  ...under('console', CONSOLE),
};

function under(place: string, fields: Readonly<Record<string, About>>): Record<string, About> {
  return Object.fromEntries(Object.entries(fields).map(([key, about]) => [place + key, about]));
}

/** One platform of "chat", as its messenger's settings describe it. */
function appOn(platform: Platform): Record<string, About> {
  const { about, ids, secrets, lowRiskInstances } = MESSENGER_SETTINGS[platform];
  return under(`.${platform}`, {
    '': about,
    ...under('.', ids),
    ...Object.fromEntries(
      Object.entries(secrets).map(([field, secret]) => [
        `.${field}Name`,
        `${SECRET} ${secret.about}.`,
      ]),
    ),
    ...(lowRiskInstances && { '.lowRiskInstances': lowRiskInstances.about }),
  });
}

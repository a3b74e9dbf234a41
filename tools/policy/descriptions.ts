/** What an editor shows for a field, and what the schema of the file cannot tell by itself. */
type About = string | { readonly description: string; readonly [keyword: string]: unknown };

const WINDOW = {
  '': 'When instances may be restarted; without one, at any time.',
  '.days': 'Days on which the window begins.',
  '.days[]': 'A day on which the window begins.',
  '.start': 'HH:MM, the first minute inside.',
  '.end': 'HH:MM, the first minute outside: on the next day unless it is later than "start".',
  '.timeZone': 'IANA name, such as "Asia/Shanghai".',
};

const FREEZE = {
  '': 'Times without restarts, whatever the window says.',
  '[]': 'One time without restarts.',
  '[].from': {
    description: 'RFC 3339 with an offset, such as "2026-11-10T20:00:00+08:00".',
    format: 'date-time',
  },
  '[].until': { description: 'The first moment after it, by RFC 3339.', format: 'date-time' },
  '[].reason': 'Told to whoever asks why a rollout waits.',
};

const GATE = {
  '': 'Asked before and after each wave whether the system bears it.',
  '.url': {
    description: 'https; plain http for a loopback host only.',
    format: 'uri',
  },
  '.secretName': 'The environment variable with the one secret that questions are signed with.',
  '.timeoutSeconds': {
    description: 'How long an answer is waited for; none means "wait".',
    exclusiveMinimum: 0,
    maximum: 10,
  },
};

const TAGS = 'Tags with exactly these values; "*" stands for any value.';

/** By the field's place: `[]` for the elements of a list. */
export const DESCRIPTIONS: Readonly<Record<string, About>> = {
  '': 'What Latchkey may do, and for whom. What is not permitted here is refused: docs/policy.md.',
  $schema: 'Where editors find this schema.',

  clients: 'Who may ask through the webhook.',
  'clients[]': 'One who may ask. What it does not list it may not.',
  'clients[].id': 'What answers, logs and histories call it.',
  'clients[].secretNames':
    'Environment variables with its secrets, each one or more of "whsec_" and base64; several while they are rotated.',
  'clients[].secretNames[]': 'The name of a variable, never a secret.',
  'clients[].actions': 'What it may do. Nobody approves what it asked for itself.',
  'clients[].actions[]': 'ask: POST /rollouts, also as a dry run; see: every GET.',
  'clients[].keyPairs': 'What it may bind, undo included. Required for whoever may ask or undo.',
  'clients[].keyPairs[]': 'By name and fingerprint: a recreated name is another key pair.',
  'clients[].keyPairs[].name': 'KeyPairName.',
  'clients[].keyPairs[].fingerprint': 'KeyPairFingerPrint, as DescribeKeyPairs tells it.',
  'clients[].instances': 'Which instances it may touch; left out: any.',
  'clients[].instances.tags': {
    description: `What every instance must carry. ${TAGS}`,
    minProperties: 1,
  },
  'clients[].maxInstances': 'Most instances of one rollout. Required for whoever may ask or undo.',
  'clients[].restart': 'What it may ask for in "restart". Required for whoever may ask or undo.',
  'clients[].restart[]': 'A value of "restart" in a request.',
  'clients[].attach': 'What it may ask for in "attach". Required for whoever may ask or undo.',
  'clients[].attach[]': 'A value of "attach" in a request.',
  'clients[].approval': 'When its rollouts wait until another client approves; left out: never.',
  'clients[].approval.always': 'For every rollout that does anything.',
  'clients[].approval.aboveInstances': 'For more than so many to attach or restart.',
  'clients[].approval.tags': `For an instance that carries all of these. ${TAGS}`,
  'clients[].approval.withinSeconds': 'How long it is waited for; then the rollout is denied.',
  'clients[].breakGlass': 'Whether it may pass window, freezes and approval, with a reason.',
  'clients[].maxOpenRollouts': 'Most of its rollouts that are not over at the same time.',
  ...under('clients[].restartWindow', {
    ...WINDOW,
    '': 'In place of the restart window of everybody.',
  }),
  ...under('clients[].freezes', { ...FREEZE, '': 'On top of the freezes of everybody.' }),
  ...under('clients[].healthGate', { ...GATE, '': 'In place of the health gate of everybody.' }),

  launch: 'Which launched instances get which key pair. The first rule that matches wins.',
  'launch[]': 'One rule for launches.',
  'launch[].name': 'What logs, histories and "npm run policy -- explain" call it.',
  'launch[].match': {
    description: 'All conditions given must hold. At least one is given.',
    minProperties: 1,
  },
  'launch[].match.regionIds': 'One of these regions.',
  'launch[].match.regionIds[]': 'A region, such as "cn-hangzhou".',
  'launch[].match.accountIds': 'One of these accounts.',
  'launch[].match.accountIds[]': 'The number of an account.',
  'launch[].match.tags': TAGS,
  'launch[].match.namePrefix': 'What the name of the instance begins with.',
  'launch[].match.imageIds': 'One of these images.',
  'launch[].match.imageIds[]': 'An image, such as "m-bp1…".',
  'launch[].match.launchTemplates': 'One of these, by id or name. Only ActionTrail tells it.',
  'launch[].match.launchTemplates[]': 'The id or the name of a launch template.',
  'launch[].match.launchedBy': 'One of these. Only ActionTrail tells it.',
  'launch[].match.launchedBy[]': 'A user name, a role name, or the number of an account.',
  'launch[].keyPairName': 'What is bound.',
  'launch[].fingerprint':
    'Only the key pair with this fingerprint; left out: whichever has the name.',
  'launch[].restart': 'Whether Running instances are rebooted, so that the key works at once.',
  'launch[].delaySeconds': 'How long after the launch it is done.',
  'launch[].replace': 'Bind it also where another key pair was given at launch.',
  'launch[].restartScalingMembers':
    'Restart members of scaling groups as well, though Auto Scaling may replace them for it.',
  'launch[].restartYoungerThanSeconds': 'Older instances are not restarted. Default 3600.',

  ...under('restartWindow', WINDOW),
  ...under('freezes', FREEZE),
  ...under('healthGate', GATE),
  allowDetach: 'Whether an undo may leave an instance without a key pair, which lets passwords in.',

  revokedKeyPairs: 'Never bound again, whoever asks, an undo included.',
  'revokedKeyPairs[]': 'One key pair, or all of one name.',
  'revokedKeyPairs[].name': 'KeyPairName.',
  'revokedKeyPairs[].fingerprint': 'Only this one; left out: every key pair of the name.',
  'revokedKeyPairs[].reason': 'Told to whoever asks for it.',

  optOut: 'Tags by which the owner of an instance keeps Latchkey away from it.',
  'optOut.restart': 'Its value: "never", "approve" or "window"; any other counts as "never".',
  'optOut.attach': 'Any value, "never" by convention: no key pair is attached.',

  notify: 'Who is told of rollouts.',
  'notify[]': 'One channel.',
  'notify[].id': 'What logs call it.',
  'notify[].url': { description: 'https; plain http for a loopback host only.', format: 'uri' },
  'notify[].secretName': 'The environment variable with the secrets that notices are signed with.',
  'notify[].on': 'What it is told; left out: everything.',
  'notify[].on[]': 'A kind of notice.',

  ownRoles: 'RAM roles that Latchkey runs under: what they launch starts nothing.',
  'ownRoles[]': 'The name of a RAM role, not its ARN.',
};

function under(place: string, fields: Readonly<Record<string, About>>): Record<string, About> {
  return Object.fromEntries(Object.entries(fields).map(([key, about]) => [place + key, about]));
}

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

const GRANTS = {
  '.keyPairs': 'What may be bound, undo included. Required for whoever may ask or undo.',
  '.keyPairs[]': 'By name and fingerprint: a recreated name is another key pair.',
  '.keyPairs[].name': 'KeyPairName.',
  '.keyPairs[].fingerprint': 'KeyPairFingerPrint, as DescribeKeyPairs tells it.',
  '.instances': 'Which instances may be touched; left out: any.',
  '.instances.tags': {
    description: `What every instance must carry. ${TAGS}`,
    minProperties: 1,
  },
  '.maxInstances': 'Most instances of one rollout. Required for whoever may ask or undo.',
  '.restart': 'What may be asked for in "restart". Required for whoever may ask or undo.',
  '.restart[]': 'A value of "restart" in a request.',
  '.attach': 'What may be asked for in "attach". Required for whoever may ask or undo.',
  '.attach[]': 'A value of "attach" in a request.',
  '.approval': 'When the rollouts wait until others approve; left out: never.',
  '.approval.always': 'For every rollout that does anything.',
  '.approval.aboveInstances': 'For more than so many to attach or restart.',
  '.approval.tags': `For an instance that carries all of these. ${TAGS}`,
  '.approval.withinSeconds': 'How long it is waited for; then the rollout is denied.',
  '.approval.approvals': 'How many people have to approve. Default 1.',
  '.approval.highRisk': 'When it is always needed, and no chat is enough for it; left out: never.',
  '.approval.highRisk.aboveInstances': 'For more than so many to attach or restart.',
  '.approval.highRisk.tags': `For an instance that carries all of these. ${TAGS}`,
  '.breakGlass': 'Whether window, freezes and approval may be passed, with a reason.',
  '.maxOpenRollouts': 'Most rollouts that are not over at the same time.',
  ...under('.restartWindow', {
    ...WINDOW,
    '': 'In place of the restart window of everybody.',
  }),
  ...under('.freezes', { ...FREEZE, '': 'On top of the freezes of everybody.' }),
  ...under('.healthGate', { ...GATE, '': 'In place of the health gate of everybody.' }),
};

const SECRET = 'The environment variable with';

const CHAT = {
  '': 'Where people talk to Latchkey; left out: nowhere. How it is set up: docs/chatops.md.',
  '.buttonSecretName': `${SECRET} the secrets that buttons are signed with, as those of clients.`,
  '.slack': 'One workspace; left out: not set up.',
  '.slack.teamId': 'Id of the workspace, such as "T0001".',
  '.slack.appId': 'Id of the app, such as "A0001".',
  '.slack.signingSecretName': `${SECRET} the signing secret of the app.`,
  '.slack.botTokenName': `${SECRET} the token of the app's bot user.`,
  '.dingtalk': 'One organisation; left out: not set up.',
  '.dingtalk.corpId': 'Id of the organisation.',
  '.dingtalk.robotCode': 'Code of the robot.',
  '.dingtalk.appKey': 'Key of the application, which is no secret.',
  '.dingtalk.cardTemplateId': 'Id of the card template: docs/dingtalk-card.md.',
  '.dingtalk.appSecretName': `${SECRET} the secret of the application.`,
  '.dingtalk.cardSecretName': `${SECRET} "apiSecret" of the registered card callback.`,
  '.dingtalk.pathSecretName': `${SECRET} the part of the callback's path that nobody can guess.`,
  '.dingtalk.aesKeyName': `${SECRET} the key of encrypted messages; left out: they come in the clear.`,
  '.dingtalk.lowRiskInstances':
    'An approval in DingTalk is enough for so many instances: what it signs does not cover the message. Default 20.',
  '.feishu': 'One tenant; left out: not set up.',
  '.feishu.tenantKey': 'Key of the tenant.',
  '.feishu.appId': 'Id of the app, such as "cli_0001".',
  '.feishu.appSecretName': `${SECRET} the secret of the app.`,
  '.feishu.encryptKeyName': `${SECRET} the Encrypt Key.`,
  '.feishu.verificationTokenName': `${SECRET} the Verification Token.`,
  '.channels': 'Channels that are shown rollouts which were asked for elsewhere.',
  '.channels[]': 'One channel.',
  '.channels[].id': 'What logs call it.',
  '.channels[].platform': 'Where it is.',
  '.channels[].channel': 'What the platform calls it: whoami in it tells.',
  '.channels[].doors': 'Which rollouts it is shown. Default: those of webhook and launch.',
  '.channels[].doors[]': 'Where rollouts come from.',
};

const CONSOLE = {
  '': 'Who may look at the console page; left out: there is none. How it is set up: docs/console.md.',
  '.issuer': '"iss" of the tokens that are taken.',
  '.audience': 'What must be among "aud" of them: a name that no other service has.',
  '.cookie': 'The cookie with the token. Default "latchkey_session".',
  '.operators': 'Whose tokens are taken. They see every rollout, and change nothing.',
  '.operators[]': '"sub" of a token.',
};

/** By the field's place: `[]` for the elements of a list. */
export const DESCRIPTIONS: Readonly<Record<string, About>> = {
  '': 'What Latchkey may do, and for whom. What is not permitted here is refused: docs/policy.md.',
  $schema: 'Where editors find this schema.',

  clients: 'Who may ask through the webhook.',
  'clients[]': 'One who may ask. What it does not list it may not.',
  'clients[].id': 'What answers, logs and histories call it.',
  'clients[].person':
    'The person who asks through it: they do not approve in a chat what they asked for here.',
  'clients[].secretNames':
    'Environment variables with its secrets, each one or more of "whsec_" and base64; several while they are rotated.',
  'clients[].secretNames[]': 'The name of a variable, never a secret.',
  'clients[].actions': 'What it may do. Nobody approves what it asked for itself.',
  'clients[].actions[]': 'ask: POST /rollouts, also as a dry run; see: every GET.',
  ...under('clients[]', GRANTS),

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

  people: 'Who may ask and approve in a chat.',
  'people[]': 'One human, whatever accounts they have. What they do not list they may not.',
  'people[].id': 'What answers, logs and histories call them. No client has it.',
  'people[].accounts': 'Whatever comes from one of these is theirs.',
  'people[].accounts[]': 'As whoami in a chat tells it.',
  'people[].accounts[].platform': 'Where it is.',
  'people[].accounts[].tenant': 'teamId of Slack, corpId of DingTalk, tenantKey of Feishu.',
  'people[].accounts[].user': 'Id of the user there, never a name.',
  'people[].actions': 'What they may do. Nobody approves what they asked for.',
  'people[].actions[]': 'ask: attach, restart and plan; see: status.',
  ...under('people[]', GRANTS),
  ...under('chat', CHAT),
  ...under('console', CONSOLE),
};

function under(place: string, fields: Readonly<Record<string, About>>): Record<string, About> {
  return Object.fromEntries(Object.entries(fields).map(([key, about]) => [place + key, about]));
}

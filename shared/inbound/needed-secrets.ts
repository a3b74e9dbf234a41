import type { ChatRule, Policy } from '../domain/model/policy.ts';
import { keySetsOf } from './console/jwks.ts';
import type { SecretNames } from './secrets.ts';

/** Who may sign requests, and who signs for operators of the console. */
export function attachSecrets(policy: Pick<Policy, 'clients' | 'console'>): SecretNames {
  return { clients: policy.clients, keySets: keySetsOf(policy) };
}

/** The secrets that Latchkey signs with itself. */
export function gateAndChannelSecrets({
  healthGate,
  clients,
  people,
  notify,
}: Policy): SecretNames {
  const rules = [...clients, ...people.map(({ rule }) => rule)];
  const gates = [healthGate, ...rules.map((rule) => rule.healthGate)];
  return {
    gates: gates.flatMap((gate) => gate?.secretName ?? []),
    channels: notify.map(({ secretName }) => secretName),
  };
}

/** The secrets that requests are verified with. DingTalk's alone can also post. */
export function verifyingSecrets({ chat }: Pick<Policy, 'chat'>): SecretNames {
  if (chat === null) return {};
  const { slack, dingtalk, feishu } = chat;
  const text = (name: string) => ({ name, kind: 'text' }) as const;
  return {
    buttons: [chat.buttonSecretName],
    chat: [
      ...(slack === null ? [] : [text(slack.signingSecretName)]),
      ...(dingtalk === null ? [] : dingTalkSecrets(dingtalk)),
      ...(feishu === null ? [] : [feishu.encryptKeyName, feishu.verificationTokenName].map(text)),
    ],
  };
}

function dingTalkSecrets(app: NonNullable<ChatRule['dingtalk']>): SecretNames['chat'] & object {
  return [
    { name: app.appSecretName, kind: 'text' },
    { name: app.cardSecretName, kind: 'text' },
    { name: app.pathSecretName, kind: 'path' },
    ...(app.aesKeyName === null ? [] : [{ name: app.aesKeyName, kind: 'aes-key' } as const]),
  ];
}

/** The secrets that messages are posted with, and that buttons are signed with. */
export function postingSecrets({ chat }: Pick<Policy, 'chat'>): SecretNames {
  if (chat === null) return {};
  const { slack, dingtalk, feishu } = chat;
  const names = [
    ...(slack === null ? [] : [slack.botTokenName]),
    ...(dingtalk === null ? [] : [dingtalk.appSecretName]),
    ...(feishu === null ? [] : [feishu.appSecretName]),
  ];
  return {
    buttons: [chat.buttonSecretName],
    chat: names.map((name) => ({ name, kind: 'text' })),
  };
}

/** The functions that need secrets, each with those that it does not start without. */
export function secretsByFunction(policy: Policy) {
  return {
    attach: attachSecrets(policy),
    restart: gateAndChannelSecrets(policy),
    chat: verifyingSecrets(policy),
    messenger: postingSecrets(policy),
  } satisfies Readonly<Record<string, SecretNames>>;
}

/** The variables with these secrets, each once. */
export function variablesOf(names: SecretNames): string[] {
  const { clients = [], gates = [], channels = [], buttons = [], chat = [], keySets = [] } = names;
  const ofClients = clients.flatMap(({ secretNames }) => secretNames);
  const named = [...chat, ...keySets].map(({ name }) => name);
  return [...new Set([...ofClients, ...gates, ...channels, ...buttons, ...named])];
}

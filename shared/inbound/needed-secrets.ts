import type { ChatRule, Policy } from '../domain/model/policy.ts';
import { keySetsOf } from './console/jwks.ts';
import type { ChatSecretName, SecretNames } from './secrets.ts';

/** `attach` verifies requests of clients, and tokens of the console's operators. */
export function attachSecrets(policy: Pick<Policy, 'clients' | 'console'>): SecretNames {
  return { clients: policy.clients, keySets: keySetsOf(policy) };
}

/** `restart` signs questions to health gates and notices to channels. */
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

/** `chat` verifies requests of chat platforms. Only DingTalk's secret can also post messages. */
export function verifyingSecrets({ chat }: Pick<Policy, 'chat'>): SecretNames {
  if (chat === null) return {};
  const { slack, dingtalk, feishu } = chat;
  return {
    buttons: [chat.buttonSecretName],
    chat: [
      ...(slack === null ? [] : [text(slack.signingSecretName)]),
      ...(dingtalk === null ? [] : dingTalkSecrets(dingtalk)),
      ...(feishu === null ? [] : [text(feishu.encryptKeyName), text(feishu.verificationTokenName)]),
    ],
  };
}

function text(name: string): ChatSecretName {
  return { name, kind: 'text' };
}

function dingTalkSecrets(app: NonNullable<ChatRule['dingtalk']>): ChatSecretName[] {
  return [
    text(app.appSecretName),
    text(app.cardSecretName),
    { name: app.pathSecretName, kind: 'path' },
    ...(app.aesKeyName === null ? [] : [{ name: app.aesKeyName, kind: 'aes-key' } as const]),
  ];
}

/** `messenger` posts messages and signs their buttons. */
export function postingSecrets({ chat }: Pick<Policy, 'chat'>): SecretNames {
  if (chat === null) return {};
  const { slack, dingtalk, feishu } = chat;
  const names = [slack?.botTokenName, dingtalk?.appSecretName, feishu?.appSecretName];
  return {
    buttons: [chat.buttonSecretName],
    chat: names.filter((name) => name !== undefined).map(text),
  };
}

/** The secrets that each function needs to start. */
export function secretsByFunction(policy: Policy) {
  return {
    attach: attachSecrets(policy),
    restart: gateAndChannelSecrets(policy),
    chat: verifyingSecrets(policy),
    messenger: postingSecrets(policy),
  } satisfies Readonly<Record<string, SecretNames>>;
}

/** The variables of these secrets, without duplicates. */
export function variablesOf(names: SecretNames): string[] {
  const { clients = [], gates = [], channels = [], buttons = [], chat = [], keySets = [] } = names;
  const ofClients = clients.flatMap(({ secretNames }) => secretNames);
  const named = [...chat, ...keySets].map(({ name }) => name);
  return [...new Set([...ofClients, ...gates, ...channels, ...buttons, ...named])];
}

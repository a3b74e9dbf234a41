import type { Policy } from '../domain/model/policy.ts';
import { keySetsOf } from './console/jwks.ts';
import type { SecretNames } from './secrets.ts';

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

/** What `chat` verifies requests and the tokens of buttons with. */
export function verifyingSecrets(policy: Pick<Policy, 'chat'>): SecretNames {
  return chatSecretsOf('chat', policy);
}

/** What `messenger` posts messages and signs the tokens of buttons with. */
export function postingSecrets(policy: Pick<Policy, 'chat'>): SecretNames {
  return chatSecretsOf('messenger', policy);
}

function chatSecretsOf(name: 'chat' | 'messenger', { chat }: Pick<Policy, 'chat'>): SecretNames {
  if (chat === null) return {};
  const secrets = Object.values(chat.apps).flatMap((app) => Object.values(app.secrets));
  return {
    buttons: [chat.buttonSecretName],
    chat: secrets.filter(({ usedBy }) => usedBy.includes(name)),
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

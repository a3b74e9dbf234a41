import type { ChatSecret, ClientRule } from '../domain/model/policy.ts';
import { whyNoChatSecret } from '../messengers/chat-secret.ts';
import { parseWebhookSecret, type WebhookSecret } from '../contract/webhook-secret.ts';

/** The environment variables with the secrets that a function needs, as the policy names them. */
export interface SecretNames {
  /** Who may sign requests. */
  readonly clients?: readonly Pick<ClientRule, 'id' | 'secretNames'>[];
  /** What questions to health gates are signed with. */
  readonly gates?: readonly string[];
  /** What notices are signed with. */
  readonly channels?: readonly string[];
  /** What the buttons of chats are signed with. */
  readonly buttons?: readonly string[];
  /** The secrets of chat platforms. Those of a known form are checked when the function starts. */
  readonly chat?: readonly ChatSecretName[];
  /** Public keys, which are no secrets. */
  readonly keySets?: readonly KeySetName[];
}

type ChatSecretName = Omit<ChatSecret, 'usedBy'>;

/** Brings its own check: only the function that takes such keys has that in its bundle. */
export interface KeySetName {
  readonly name: string;
  /** Why a text holds none; undefined when it does. */
  readonly whyNone: (text: string) => string | undefined;
}

export interface Secrets {
  /** By client. Any of them may sign: several, while one takes the place of another. */
  readonly clientSecrets: ReadonlyMap<string, readonly WebhookSecret[]>;
  /** By variable. */
  readonly gateSecrets: ReadonlyMap<string, WebhookSecret>;
  /** By variable. Each signs, so that a receiver can go over from one to another. */
  readonly channelSecrets: ReadonlyMap<string, readonly WebhookSecret[]>;
  /** By variable. The first one signs, each is taken: several, while one takes the place of another. */
  readonly buttonSecrets: ReadonlyMap<string, readonly WebhookSecret[]>;
  /** By variable, as they are. */
  readonly chatSecrets: ReadonlyMap<string, string>;
  /** By variable, as they are. */
  readonly keySets: ReadonlyMap<string, string>;
}

/** Takes note of a fault: it names the variable and the rule, and never a value. */
type Fault = (name: string, detail: string) => void;

/**
 * Reads the secrets that a function needs: in each variable one or more of `whsec_` and base64,
 * separated by a space or a comma. A secret that two clients have is a fault: whoever knows it could
 * be either of them.
 */
export function readSecrets(
  env: Readonly<Record<string, string | undefined>>,
  { clients = [], gates = [], channels = [], buttons = [], chat = [], keySets = [] }: SecretNames,
  fault: Fault,
): Secrets {
  const read = (name: string) => secretsIn(name, env[name], fault);
  const clientSecrets = new Map<string, WebhookSecret[]>();
  const owners = new Map<string, string>();
  for (const { id, secretNames } of clients) {
    const secrets = secretNames.flatMap((name) => {
      const found = read(name);
      for (const [index, { key }] of found.entries()) {
        const owner = owners.get(key.toString('base64'));
        if (owner === undefined) owners.set(key.toString('base64'), id);
        else if (owner !== id) fault(name, `shares its secret ${index + 1} with client "${owner}"`);
      }
      return found;
    });
    clientSecrets.set(id, secrets);
  }
  return {
    clientSecrets,
    gateSecrets: new Map(
      [...new Set(gates)].flatMap((name) => {
        const [secret, ...others] = read(name);
        if (others.length > 0)
          fault(name, 'has more than one secret: a question has one signature');
        return secret === undefined ? [] : [[name, secret] as const];
      }),
    ),
    channelSecrets: new Map([...new Set(channels)].map((name) => [name, read(name)])),
    buttonSecrets: new Map([...new Set(buttons)].map((name) => [name, read(name)])),
    chatSecrets: new Map(chat.map((one) => [one.name, chatSecret(one, env[one.name], fault)])),
    keySets: new Map(keySets.map((one) => [one.name, keySet(one, env[one.name], fault)])),
  };
}

function secretsIn(name: string, value: string | undefined, fault: Fault): WebhookSecret[] {
  const texts = (value ?? '').split(/[\s,]+/).filter((text) => text !== '');
  if (texts.length === 0) {
    fault(name, 'is missing: must be one or more of "whsec_" and base64, for the policy names it');
  }
  return texts.flatMap((text, index) => {
    try {
      return [parseWebhookSecret(text)];
    } catch (error) {
      const why = error instanceof Error ? error.message : '';
      fault(name, `has a fault in its secret ${index + 1}: ${why}`);
      return [];
    }
  });
}

/** @returns '' when there is a fault: nothing starts then */
function chatSecret(secret: ChatSecretName, value = '', fault: Fault): string {
  const why = value === '' ? 'is missing: the policy names it' : whyNoChatSecret(value, secret);
  if (why === undefined) return value;
  fault(secret.name, why);
  return '';
}

/** @returns '' when there is a fault */
function keySet({ name, whyNone }: KeySetName, value = '', fault: Fault): string {
  const why = value === '' ? 'is missing: the policy needs it' : whyNone(value);
  if (why === undefined) return value;
  fault(name, why);
  return '';
}

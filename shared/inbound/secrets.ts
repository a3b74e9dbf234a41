import type { ChatSecret, ClientRule } from '../domain/model/policy.ts';
import { whyNoChatSecret } from '../messengers/chat-secret.ts';
import { parseWebhookSecret, type WebhookSecret } from '../contract/webhook-secret.ts';

/** The environment variables with the secrets that a function needs, as the policy names them. */
export interface SecretNames {
  /** Verify signed requests. */
  readonly clients?: readonly Pick<ClientRule, 'id' | 'secretNames'>[];
  /** Sign questions to health gates. */
  readonly gates?: readonly string[];
  /** Sign notices to channels. */
  readonly channels?: readonly string[];
  /** Sign and verify the buttons of chat cards. */
  readonly buttons?: readonly string[];
  /** Issued by chat platforms. */
  readonly chat?: readonly ChatSecretName[];
  /** Public keys, which are not secret. */
  readonly keySets?: readonly KeySetName[];
}

/** Contains its own check, so that only the function that needs it has the check in its bundle. */
export interface KeySetName {
  readonly name: string;
  /** The fault in a value; undefined when there is none. */
  readonly faultIn: (text: string) => string | undefined;
}

type ChatSecretName = Omit<ChatSecret, 'usedBy'>;

export interface Secrets {
  /** By client. Each verifies: a client has several during a rotation. */
  readonly clientSecrets: ReadonlyMap<string, readonly WebhookSecret[]>;
  /** By variable. */
  readonly gateSecrets: ReadonlyMap<string, WebhookSecret>;
  /** By variable. Notices carry a signature of each, so that a receiver can rotate its secret. */
  readonly channelSecrets: ReadonlyMap<string, readonly WebhookSecret[]>;
  /** By variable. The first one signs, each verifies: there are several during a rotation. */
  readonly buttonSecrets: ReadonlyMap<string, readonly WebhookSecret[]>;
  /** By variable, unchanged. */
  readonly chatSecrets: ReadonlyMap<string, string>;
  /** By variable, unchanged. */
  readonly keySets: ReadonlyMap<string, string>;
}

/** Adds a fault of one variable. The detail names the rule and never a secret. */
export type AddFault = (name: string, detail: string) => void;

/**
 * Reads the secrets that a function needs. A variable for signatures holds one or more secrets of the form
 * `whsec_` and base64, separated by spaces or commas. A secret that two clients share is a fault, since a
 * signature could then not tell the two apart.
 */
export function readSecrets(
  env: Readonly<Record<string, string | undefined>>,
  { clients = [], gates = [], channels = [], buttons = [], chat = [], keySets = [] }: SecretNames,
  fault: AddFault,
): Secrets {
  const read = (name: string) => secretsIn(name, env[name], fault);
  const readEach = (names: readonly string[]) =>
    new Map([...new Set(names)].map((name) => [name, read(name)]));
  /** '' when there is a fault: the function does not start then. */
  const readText = (name: string, faultIn: KeySetName['faultIn']): [string, string] => {
    const value = env[name] ?? '';
    const why = value === '' ? 'is missing: the policy needs it' : faultIn(value);
    if (why === undefined) return [name, value];
    fault(name, why);
    return [name, ''];
  };

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
      [...readEach(gates)].flatMap(([name, [secret, ...others]]) => {
        if (others.length > 0)
          fault(name, 'has more than one secret: a question to a health gate has one signature');
        return secret === undefined ? [] : [[name, secret] as const];
      }),
    ),
    channelSecrets: readEach(channels),
    buttonSecrets: readEach(buttons),
    chatSecrets: new Map(
      chat.map((one) => readText(one.name, (text) => whyNoChatSecret(text, one))),
    ),
    keySets: new Map(keySets.map(({ name, faultIn }) => readText(name, faultIn))),
  };
}

function secretsIn(name: string, value = '', fault: AddFault): WebhookSecret[] {
  const texts = value.split(/[\s,]+/).filter((text) => text !== '');
  if (texts.length === 0) {
    fault(name, 'is missing: the policy needs one or more secrets, each "whsec_" and base64');
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

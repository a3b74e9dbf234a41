import type { Command } from './command.ts';
import type { KeyPair } from './instance.ts';
import type { ChatAccount, ChatPlace, Platform } from './chat.ts';
import type { Door, LaunchTerms, RolloutRequest } from './request.ts';
import type { NoticeKind } from './rollout.ts';
import type { Schedule } from './window.ts';

/** `policy.json`: what may be done, by whom. What it does not permit is refused. */
export interface Policy {
  /** Who may use the webhook, and what they may request. */
  readonly clients: readonly ClientRule[];
  /**
   * Which launched instances get which key pair. The first rule that matches decides. Without a match
   * nothing happens.
   */
  readonly launch: readonly LaunchRule[];
  /** When instances may be restarted: for launch rules, and for clients without a window of their own. */
  readonly schedule: Schedule;
  /** For launch rules, and for clients without a gate of their own. null: no gate is asked. */
  readonly healthGate: HealthGateRule | null;
  /** Whether an undo may leave an instance without a key pair, which turns password login on again. */
  readonly allowDetach: boolean;
  /** Key pairs that nobody may bind any more, not even by an undo. */
  readonly revokedKeyPairs: readonly RevokedKeyPair[];
  readonly optOut: OptOutTags;
  /** The channels for notices: a rollout halts, needs approval or ends. */
  readonly notify: readonly NotifyRule[];
  /** The RAM roles of Latchkey itself. What they launch triggers no launch rule. */
  readonly ownRoles: readonly string[];
  /** Who may use the chats, and what they may request. */
  readonly people: readonly Person[];
  /** null: there is no chat door. */
  readonly chat: ChatRule | null;
  /** null: `attach` serves no console page. */
  readonly console: ConsoleRule | null;
}

/** Who may see the console, identified by a JSON Web Token (RFC 7519). */
export interface ConsoleRule {
  /** The accepted `iss`. */
  readonly issuer: string;
  /** The accepted `aud`. */
  readonly audience: string;
  /** The cookie that holds the token in a browser. */
  readonly cookie: string;
  /** The accepted `sub`s. Operators see every rollout and change nothing. */
  readonly operators: readonly string[];
}

/** One human with all their accounts. Approver and requester are compared by person. */
export interface Person {
  readonly id: string;
  readonly accounts: readonly ChatAccount[];
  /** What they may do, in the form of a client's rule. Its `id` is the person's, and it has no secrets. */
  readonly rule: ClientRule;
}

export interface ChatRule {
  /** The environment variable with the secret that signs the buttons' tokens. */
  readonly buttonSecretName: string;
  /** Latchkey's app on each platform that is set up. */
  readonly apps: Readonly<Partial<Record<Platform, ChatAppRule>>>;
  /** Channels that show rollouts which were requested elsewhere. */
  readonly channels: readonly ChatChannel[];
}

/** Latchkey's app on one platform. */
export interface ChatAppRule {
  /** The platform's id of the workspace, organization or tenant that the app serves. */
  readonly tenant: string;
  /** Every id of the app, by its field in `policy.json`. Only the platform's messenger knows the fields. */
  readonly ids: Readonly<Record<string, string>>;
  /** By field in `policy.json`, without `Name` at the end. */
  readonly secrets: Readonly<Record<string, ChatSecret>>;
  /**
   * The largest rollout, in instances, that an approval on this platform is enough for. null: any rollout. A
   * platform whose signature does not cover the message has a limit, because whoever captures one signature
   * can send a message in anybody's name.
   */
  readonly lowRiskInstances: number | null;
}

export interface ChatSecret {
  /** The environment variable that holds it. */
  readonly name: string;
  /** `path`: it is part of a URL. `aes-key`: 32 bytes in base64, without padding. Left out: a text. */
  readonly kind?: 'path' | 'aes-key';
  /** The functions that need it. */
  readonly usedBy: readonly ('chat' | 'messenger')[];
}

export interface ChatChannel {
  readonly id: string;
  readonly place: ChatPlace;
  /** The doors whose rollouts have a card there. */
  readonly doors: readonly Door[];
}

/** What can be asked of the webhook. */
export type Action = 'ask' | 'see' | 'undo' | 'stop' | 'go' | Command['kind'];

export interface ClientRule {
  readonly id: string;
  /** The person behind it, who must not approve in a chat what they requested here; null: none. */
  readonly person: string | null;
  /** The environment variables of its secrets: several during a rotation. */
  readonly secretNames: readonly string[];
  readonly actions: readonly Action[];
  /** By name and fingerprint: a recreated name is another key pair. */
  readonly keyPairs: readonly KeyPair[];
  /** The tags that every instance must have; `*`: any value. */
  readonly tags: Readonly<Record<string, string>>;
  /** Most instances of one rollout. */
  readonly maxInstances: number;
  readonly restart: readonly RolloutRequest['restart'][];
  readonly attach: readonly RolloutRequest['attach'][];
  /** null: no approval is needed. */
  readonly approval: ApprovalRule | null;
  /** Its own window, else the policy's. The policy's freezes and its own. */
  readonly schedule: Schedule;
  /** Its own, else the policy's. */
  readonly healthGate: HealthGateRule | null;
  /** Whether it may bypass window, freezes and approval, with a reason. */
  readonly breakGlass: boolean;
  /** The most open rollouts that it may have at the same time. */
  readonly maxOpenRollouts: number;
}

/** When a rollout needs an approval. */
export interface ApprovalRule {
  readonly always: boolean;
  /** More instances than this to attach or restart; null: the number does not matter. */
  readonly aboveInstances: number | null;
  /** One instance with all of these tags (`*`: any value); {}: no instance. */
  readonly tags: Readonly<Record<string, string>>;
  /** How long it may wait for the approval. After that it is denied. */
  readonly withinSeconds: number;
  /** How many people must approve. */
  readonly approvals: number;
  /**
   * High risk always needs an approval, and not one in a chat: more instances than this (null: the number
   * does not matter), or one instance with all of these tags ({}: no instance).
   */
  readonly highRisk: {
    readonly aboveInstances: number | null;
    readonly tags: Readonly<Record<string, string>>;
  };
}

export interface HealthGateRule {
  readonly url: string;
  /** The environment variable with the secret that signs the questions. */
  readonly secretName: string;
  readonly timeoutMs: number;
}

export interface RevokedKeyPair {
  readonly name: string;
  /** null: any key pair of this name. */
  readonly fingerprint: string | null;
  readonly reason: string;
}

/** The tags with which an instance's owner opts out. */
export interface OptOutTags {
  /** `never`, `approve` or `window`; any other value counts as `never`. */
  readonly restart: string;
  /** Any value, `never` by convention: no key pair is attached. */
  readonly attach: string;
}

/** A channel for notices: an https address that the operator chose. */
export interface NotifyRule {
  readonly id: string;
  readonly url: string;
  /** The environment variable with the secrets that sign the notices. */
  readonly secretName: string;
  readonly on: readonly NoticeKind[];
}

export interface LaunchRule extends LaunchTerms {
  /** The rule's name in logs and in the rollout's history. */
  readonly name: string;
  readonly match: LaunchMatch;
  readonly keyPairName: string;
  /** null: any key pair of this name. */
  readonly fingerprint: string | null;
  /** Whether a Running instance is rebooted, so that the key works immediately. */
  readonly restart: boolean;
  /** How long after the launch the rule acts. */
  readonly delaySeconds: number;
}

/** Every condition must hold. An empty condition always holds. */
export interface LaunchMatch {
  readonly regionIds: readonly string[];
  readonly accountIds: readonly string[];
  /** Each of these tags with exactly this value; `*`: any value. */
  readonly tags: Readonly<Record<string, string>>;
  /** The beginning of the instance's name; '' for any. */
  readonly namePrefix: string;
  readonly imageIds: readonly string[];
  /** Ids or names. Only ActionTrail reports them. */
  readonly launchTemplates: readonly string[];
  /** User names, role names or account ids. Only ActionTrail reports them. */
  readonly launchedBy: readonly string[];
}

/** The environment variable with the public keys that sign the console's tokens (RFC 7517). */
export const CONSOLE_KEYS_VARIABLE = 'CONSOLE_JWKS';

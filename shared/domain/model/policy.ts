import type { Command } from './command.ts';
import type { KeyPair } from './instance.ts';
import type { ChatAccount, ChatPlace, Platform } from './chat.ts';
import type { Door, LaunchTerms, RolloutRequest } from './request.ts';
import type { NoticeKind } from './rollout.ts';
import type { Schedule } from './window.ts';

/** What whoever deploys has decided, in `policy.json`. What it does not permit is refused. */
export interface Policy {
  /** Who may ask through the webhook, and for what. */
  readonly clients: readonly ClientRule[];
  /**
   * Which launches get which key pair. The rules are tried in order and the first that matches
   * decides; when none matches, nothing happens.
   */
  readonly launch: readonly LaunchRule[];
  /** When instances may be restarted, for launch rules and for clients without a window of their own. */
  readonly schedule: Schedule;
  /** For launch rules and for clients without one of their own. null: no wave is asked about. */
  readonly healthGate: HealthGateRule | null;
  /** Whether an undo may leave an instance without a key pair: that turns password login back on. */
  readonly allowDetach: boolean;
  /** Never bound again, whoever asks, an undo included. */
  readonly revokedKeyPairs: readonly RevokedKeyPair[];
  readonly optOut: OptOutTags;
  /** Who is told when a rollout halts, needs approval or ends. */
  readonly notify: readonly NotifyRule[];
  /** RAM roles that Latchkey itself runs under: what they launch starts nothing. */
  readonly ownRoles: readonly string[];
  /** Who may ask in a chat, and for what. */
  readonly people: readonly Person[];
  /** null: there is no chat door. */
  readonly chat: ChatRule | null;
  /** null: `attach` serves no console page. */
  readonly console: ConsoleRule | null;
}

/** Who may look at the console page, known by a JSON Web Token (RFC 7519). */
export interface ConsoleRule {
  /** `iss` of the tokens that are taken. */
  readonly issuer: string;
  /** One of their `aud`. */
  readonly audience: string;
  /** The cookie that a browser carries the token in. */
  readonly cookie: string;
  /** Whose tokens: each a `sub`. They see every rollout, and change nothing. */
  readonly operators: readonly string[];
}

/** One human, whatever accounts they have: approver and requester are compared by it. */
export interface Person {
  readonly id: string;
  readonly accounts: readonly ChatAccount[];
  /** What they may, as a client would. Its `id` is that of the person, and it has no secrets. */
  readonly rule: ClientRule;
}

export interface ChatRule {
  /** What the buttons' tokens are signed with: the environment variable that holds it. */
  readonly buttonSecretName: string;
  /** Latchkey's app on each platform that is set up. */
  readonly apps: Readonly<Partial<Record<Platform, ChatAppRule>>>;
  /** Channels that are shown rollouts which were asked for elsewhere. */
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
  /** `path`: it is part of a URL. `aes-key`: 32 bytes in base64, without padding. */
  readonly kind: 'text' | 'path' | 'aes-key';
  /** The functions that need it. */
  readonly usedBy: readonly ('chat' | 'messenger')[];
}

export interface ChatChannel {
  readonly id: string;
  readonly place: ChatPlace;
  /** Whose rollouts have a card there. */
  readonly doors: readonly Door[];
}

/** What can be asked of the webhook. */
export type Action = 'ask' | 'see' | 'undo' | 'stop' | 'go' | Command['kind'];

export interface ClientRule {
  readonly id: string;
  /** The person who asks through it, so that they do not approve in a chat what they asked for here; null: none. */
  readonly person: string | null;
  /** Environment variables that hold its secrets: several while they are rotated. */
  readonly secretNames: readonly string[];
  readonly actions: readonly Action[];
  /** By name and fingerprint: a recreated name is another key pair. */
  readonly keyPairs: readonly KeyPair[];
  /** Tags that every instance must carry; `*` = with any value. */
  readonly tags: Readonly<Record<string, string>>;
  /** Most instances of one rollout. */
  readonly maxInstances: number;
  readonly restart: readonly RolloutRequest['restart'][];
  readonly attach: readonly RolloutRequest['attach'][];
  /** null: no approval is needed. */
  readonly approval: ApprovalRule | null;
  /** Its own window, else that of everybody; the freezes of everybody, and its own. */
  readonly schedule: Schedule;
  /** Its own, else that of everybody. */
  readonly healthGate: HealthGateRule | null;
  /** Whether it may pass window, freezes and approval by, with a reason. */
  readonly breakGlass: boolean;
  /** Most rollouts of it that are not over at the same time. */
  readonly maxOpenRollouts: number;
}

/** When a rollout waits for an approval. */
export interface ApprovalRule {
  readonly always: boolean;
  /** Of instances to attach or restart; null: whatever their number. */
  readonly aboveInstances: number | null;
  /** An instance with all of these tags makes it necessary (`*` = any value); {}: none does. */
  readonly tags: Readonly<Record<string, string>>;
  /** How long it may wait; then it is denied. */
  readonly withinSeconds: number;
  /** How many people have to approve. */
  readonly approvals: number;
  /**
   * When it is always necessary, and no chat is enough for it: above so many instances (null: whatever
   * their number), or with all of these tags on one of them ({}: never).
   */
  readonly highRisk: {
    readonly aboveInstances: number | null;
    readonly tags: Readonly<Record<string, string>>;
  };
}

export interface HealthGateRule {
  readonly url: string;
  /** The environment variable that holds the secret which questions are signed with. */
  readonly secretName: string;
  readonly timeoutMs: number;
}

export interface RevokedKeyPair {
  readonly name: string;
  /** null: every key pair of this name. */
  readonly fingerprint: string | null;
  readonly reason: string;
}

/** Tags by which an instance's owner keeps Latchkey away from it. */
export interface OptOutTags {
  /** `never`, `approve` or `window`; any other value counts as `never`. */
  readonly restart: string;
  /** Any value, `never` by convention: no key pair is attached. */
  readonly attach: string;
}

/** A channel that is told of rollouts: an https address that the operator chose. */
export interface NotifyRule {
  readonly id: string;
  readonly url: string;
  /** The environment variable that holds the secrets which notices are signed with. */
  readonly secretName: string;
  readonly on: readonly NoticeKind[];
}

export interface LaunchRule extends LaunchTerms {
  /** What logs and the rollout's history call the rule. */
  readonly name: string;
  readonly match: LaunchMatch;
  readonly keyPairName: string;
  /** null: whatever key pair has the name. */
  readonly fingerprint: string | null;
  /** Whether a Running instance is rebooted, so that the key works at once. */
  readonly restart: boolean;
  /** How long after the launch it is done. */
  readonly delaySeconds: number;
}

/** Every condition given must hold; an empty one always does. */
export interface LaunchMatch {
  readonly regionIds: readonly string[];
  readonly accountIds: readonly string[];
  /** Each of these tags with exactly this value; '*' = with any value. */
  readonly tags: Readonly<Record<string, string>>;
  /** What the instance's name must begin with; '' for any. */
  readonly namePrefix: string;
  readonly imageIds: readonly string[];
  /** Id or name. Only ActionTrail tells it. */
  readonly launchTemplates: readonly string[];
  /** User name, role name or account id. Only ActionTrail tells it. */
  readonly launchedBy: readonly string[];
}

/** The environment variable with the public keys that sign the console's tokens (RFC 7517). */
export const CONSOLE_KEYS_VARIABLE = 'CONSOLE_JWKS';

/** The chat platforms on which people talk to Latchkey, and their names as people know them. */
export const PLATFORM_NAMES = { slack: 'Slack', dingtalk: 'DingTalk', feishu: 'Feishu' } as const;

export type Platform = keyof typeof PLATFORM_NAMES;

export const PLATFORMS = /* @__PURE__ */ Object.keys(PLATFORM_NAMES) as readonly Platform[];

/** Who wrote or pressed, by the ids of a verified payload. Never by a name, an email or a button's value. */
export interface ChatAccount {
  readonly platform: Platform;
  /** Slack's team id, DingTalk's corp id, Feishu's tenant key. */
  readonly tenant: string;
  readonly user: string;
}

/** A conversation. */
export interface ChatPlace {
  readonly platform: Platform;
  readonly tenant: string;
  readonly channel: string;
}

/** Where to send the answer to one line or click. */
export interface ReplyTo {
  readonly place: ChatPlace;
  readonly user: string;
  /** Slack's `response_url` or DingTalk's `sessionWebhook`, on its pinned host; '' for none. Never logged. */
  readonly url: string;
  /** Until when `url` accepts answers; milliseconds since the epoch. */
  readonly untilMs: number;
  /** The Feishu message to answer; '' on other platforms. */
  readonly messageId: string;
}

/** What can be pressed on a card. */
export type ButtonAction = 'approve' | 'deny' | 'pause' | 'resume' | 'abort' | 'undo';

/** The chat platforms on which people talk to Latchkey, and their names as people know them. */
export const PLATFORM_NAMES = { slack: 'Slack', dingtalk: 'DingTalk', feishu: 'Feishu' } as const;

export type Platform = keyof typeof PLATFORM_NAMES;

export const PLATFORMS = Object.keys(PLATFORM_NAMES) as readonly Platform[];

/** Who wrote or pressed, as a verified payload names it: never by a name, an email or a button's value. */
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

/** Where the answer to one line or click goes. */
export interface ReplyTo {
  readonly place: ChatPlace;
  readonly user: string;
  /** Slack's `response_url` or DingTalk's `sessionWebhook`, on its pinned host; '' for none. Never logged. */
  readonly url: string;
  /** Until when `url` takes answers; milliseconds since the epoch. */
  readonly untilMs: number;
  /** Feishu's message to answer to; '' elsewhere. */
  readonly messageId: string;
}

/** What can be pressed on a card. */
export type ButtonAction = 'approve' | 'deny' | 'pause' | 'resume' | 'abort' | 'undo';

import type { ChatAccount, ChatPlace, Platform } from '../domain/model/chat.ts';

export interface WhoAndWhere {
  readonly account: ChatAccount;
  readonly place: ChatPlace;
}

export function whoAndWhere(
  platform: Platform,
  tenant: string,
  user: string,
  channel: string,
): WhoAndWhere {
  return { account: { platform, tenant, user }, place: { platform, tenant, channel } };
}

import { type Platform, PLATFORMS } from '../../shared/domain/model/chat.ts';
import type { MessengerApp } from '../../shared/messengers/messenger-app.ts';
import type { Base } from '../entry.ts';

export type MessengerApps = Readonly<Partial<Record<Platform, MessengerApp>>>;

/** Latchkey's app on each platform that the policy sets up, with the secrets that this function needs. */
export function messengerAppsOf({
  policy,
  settings,
}: Pick<Base, 'policy' | 'settings'>): MessengerApps {
  const apps: Partial<Record<Platform, MessengerApp>> = {};
  for (const platform of PLATFORMS) {
    const rule = policy.chat?.apps[platform];
    if (rule === undefined) continue;
    const secrets = Object.entries(rule.secrets).flatMap(([field, { name }]) => {
      const value = settings.chatSecrets.get(name);
      return value === undefined ? [] : [[field, value] as const];
    });
    const endpoint = settings.chatEndpoints[platform];
    apps[platform] = { ...rule.ids, ...Object.fromEntries(secrets), endpoint };
  }
  return apps;
}

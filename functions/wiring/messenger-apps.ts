import type { Platform } from '../../shared/domain/model/chat.ts';
import type { MessengerApp } from '../../shared/messengers/messenger-app.ts';
import type { Base } from '../entry.ts';

export type MessengerApps = Readonly<Partial<Record<Platform, MessengerApp>>>;

/** Latchkey's app on each platform that the policy sets up, with the secrets that this function needs. */
export function messengerAppsOf({
  policy,
  settings,
}: Pick<Base, 'policy' | 'settings'>): MessengerApps {
  const { chatSecrets, chatEndpoints } = settings;
  return Object.fromEntries(
    Object.entries(policy.chat?.apps ?? {}).map(([platform, { ids, secrets }]) => {
      const values = Object.entries(secrets).map(([field, { name }]) => [
        field,
        chatSecrets.get(name),
      ]);
      const endpoint = chatEndpoints[platform as Platform];
      return [platform, { ...ids, ...Object.fromEntries(values), endpoint }];
    }),
  );
}

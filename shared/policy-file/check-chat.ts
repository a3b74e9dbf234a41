import type { Policy } from '../domain/model/policy.ts';
import { tenantsOf } from './chat.ts';
import { type AddFault, below, checkUnique, checkUniqueIds } from './faults.ts';

export function checkChat({ chat }: Policy, addFault: AddFault): void {
  if (chat === null) return;
  const { channels } = chat;
  const tenants = tenantsOf(chat);
  if (Object.values(tenants).every((tenant) => tenant === undefined)) {
    addFault(['chat'], 'Cannot take an object: must set up "slack", "dingtalk" or "feishu"');
  }
  const add = below(addFault, 'chat', 'channels');
  checkUniqueIds(channels, 'channel', add);
  checkUnique(
    channels.map(({ place }) => JSON.stringify([place.platform, place.channel])),
    (index, _, earlier) => {
      const why = `/chat/channels/${earlier} is the same channel`;
      add([index, 'channel'], `Cannot take "${channels[index]!.place.channel}": ${why}`);
    },
  );
  for (const [index, { place }] of channels.entries()) {
    if (tenants[place.platform] !== undefined) continue;
    const why = `/chat/${place.platform} is not set up`;
    add([index, 'platform'], `Cannot take "${place.platform}": ${why}`);
  }
}

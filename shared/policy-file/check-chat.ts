import type { Policy } from '../domain/model/policy.ts';
import { PLATFORMS } from '../domain/model/chat.ts';
import { type AddFault, below, checkUnique, checkUniqueIds } from './faults.ts';

export function checkChat({ chat }: Policy, addFault: AddFault): void {
  if (chat === null) return;
  const { apps, channels } = chat;
  if (Object.keys(apps).length === 0) {
    const platforms = PLATFORMS.map((platform) => `"${platform}"`);
    const last = platforms.pop();
    const why = `must set up ${platforms.join(', ')} or ${last}`;
    addFault(['chat'], `Cannot take an object: ${why}`);
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
    if (apps[place.platform] !== undefined) continue;
    const why = `/chat/${place.platform} is not set up`;
    add([index, 'platform'], `Cannot take "${place.platform}": ${why}`);
  }
}

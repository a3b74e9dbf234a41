import { grantContradictions } from './grant-contradictions.ts';
import { type Read, type Refuse, repeated } from './refuse.ts';

export function clientContradictions({ entry, policy }: Read, refuse: Refuse): void {
  const { clients, people } = policy;
  repeated(
    clients.map(({ id }) => id),
    (index, id) => {
      refuse(['clients', index, 'id'], `Cannot take "${id}": must be the id of one client only`);
    },
  );
  for (const [index, client] of clients.entries()) {
    const here: Refuse = (path, detail) => refuse(['clients', index, ...path], detail);
    const { person } = client;
    if (person !== null && !people.some(({ id }) => id === person)) {
      here(['person'], `Cannot take "${person}": must be the id of one of the people`);
    }
    grantContradictions(entry.clients[index]!, client, policy, here);
  }
}

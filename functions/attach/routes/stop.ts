import { parseGo, parseStop } from '../../../shared/contract/requests/control-request.ts';
import { letGo, seeStop, stopAll } from '../../../shared/domain/rollouts/global-stop.ts';
import { json } from '../../../shared/inbound/fc.ts';
import { nameOf, once } from '../client.ts';
import type { Route, SeenRoute } from './route.ts';

export const stopRoute: Route<ReturnType<typeof parseStop>> = {
  method: 'POST',
  path: '/stop',
  action: 'stop',
  read: ({ body }) => parseStop(body),
  async do({ reason }, ports, asked) {
    const stop = () => stopAll(nameOf(asked.caller), reason, ports);
    return json(200, await once(asked, ports, stop, () => seeStop(ports)));
  },
};

export const seeStopRoute: SeenRoute<void> = {
  method: 'GET',
  path: '/stop',
  action: 'see',
  read: () => {},
  async do(_wanted, ports) {
    return json(200, await seeStop(ports));
  },
};

export const goRoute: Route<void> = {
  method: 'POST',
  path: '/go',
  action: 'go',
  read: ({ body }) => parseGo(body),
  async do(_wanted, ports, asked) {
    const letAllGo = () => letGo(ports);
    return json(200, await once(asked, ports, letAllGo, () => seeStop(ports)));
  },
};

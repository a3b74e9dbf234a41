import { stopAnswer } from '../../../shared/contract/answers/stop-answer.ts';
import { parseStop } from '../../../shared/contract/requests/control-request.ts';
import { seeStop, stopAll } from '../../../shared/domain/rollouts/global-stop.ts';
import { json } from '../../../shared/inbound/fc.ts';
import { once } from '../asked.ts';
import { nameOf } from '../client.ts';
import type { Route } from './route.ts';

export const stopRoute: Route<ReturnType<typeof parseStop>> = {
  method: 'POST',
  path: '/stop',
  action: 'stop',
  read: ({ body }) => parseStop(body),
  async do({ reason }, ports, asked) {
    const stop = () => stopAll(nameOf(asked.caller), reason, ports);
    return json(200, stopAnswer(await once(asked, ports, stop, () => seeStop(ports))));
  },
};

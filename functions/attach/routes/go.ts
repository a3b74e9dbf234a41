import { stopAnswer } from '../../../shared/contract/answers/stop-answer.ts';
import { parseGo } from '../../../shared/contract/requests/control-request.ts';
import { letGo, seeStop } from '../../../shared/domain/rollouts/global-stop.ts';
import { json } from '../../../shared/inbound/fc.ts';
import { once } from '../asked.ts';
import type { Route } from './route.ts';

export const goRoute: Route<void> = {
  method: 'POST',
  path: '/go',
  action: 'go',
  read: ({ body }) => parseGo(body),
  async do(_wanted, ports, asked) {
    const state = await once(
      asked,
      ports,
      () => letGo(ports),
      () => seeStop(ports),
    );
    return json(200, stopAnswer(state));
  },
};

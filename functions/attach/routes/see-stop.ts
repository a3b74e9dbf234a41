import { stopAnswer } from '../../../shared/contract/answers/stop-answer.ts';
import { seeStop } from '../../../shared/domain/rollouts/global-stop.ts';
import { json } from '../../../shared/inbound/fc.ts';
import type { SeenRoute } from './route.ts';

export const seeStopRoute: SeenRoute<void> = {
  method: 'GET',
  path: '/stop',
  action: 'see',
  read: () => {},
  async do(_wanted, ports) {
    return json(200, stopAnswer(await seeStop(ports)));
  },
};

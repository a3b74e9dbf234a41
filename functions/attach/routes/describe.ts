import { json } from '../../../shared/inbound/fc.ts';
import type { SeenRoute } from './route.ts';

/** The document is loaded when it is asked for: it would slow down every cold start. */
export const describeRoute: SeenRoute<void> = {
  method: 'GET',
  path: '/openapi.json',
  action: 'see',
  read: () => {},
  async do() {
    const { default: document } = await import('../../../openapi.json', { with: { type: 'json' } });
    return json(200, document);
  },
};

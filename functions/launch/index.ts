import policyFile from '../../policy.json' with { type: 'json' };
import { parsePolicy } from '../../shared/inbound/policy.ts';
import { entry } from '../entry.ts';
import { makeHandler } from './handler.ts';

/** Part of the bundle: a policy that is not valid fails the cold start. */
const policy = parsePolicy(policyFile);

export const { initialize, handler } = entry(
  (wired) => makeHandler({ ...wired, regionId: wired.settings.regionId, policy }),
  { webhookSecrets: 'unused' },
);

import policyFile from '../policy.json' with { type: 'json' };
import type { Policy } from '../shared/domain/model/policy.ts';
import { parsePolicy } from '../shared/policy-file/parse-policy.ts';

/**
 * Part of every bundle. The build puts in the place of this module what comes of it, and fails where the
 * policy is not valid: no function reads it at its cold start.
 */
export const policy: Policy = parsePolicy(policyFile);

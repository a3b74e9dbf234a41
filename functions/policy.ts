import policyFile from '../policy.json' with { type: 'json' };
import type { Policy } from '../shared/domain/model/policy.ts';
import { parsePolicy } from '../shared/policy-file/parse-policy.ts';

/**
 * The policy is part of every bundle. The build replaces this module by the parsed policy, so that no cold
 * start parses it. The build fails when the policy is not valid.
 */
export const policy: Policy = parsePolicy(policyFile);

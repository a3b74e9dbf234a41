import { base32 } from '../../lib/base32.ts';
import { canonicalJson } from '../../lib/canonical-json.ts';
import type { Platform } from '../model/chat.ts';
import type { ChatCommand } from '../model/order.ts';
import type { Action } from '../model/policy.ts';
import type { Sha256 } from '../model/ports.ts';

/** Characters kept, as in a rollout's id. */
const KEPT = 26;

/**
 * An older order is not carried out: the person no longer expects it. Our own choice. Feishu repeats
 * deliveries for seven hours.
 */
export const MAX_ORDER_AGE_MS = 15 * 60_000;

/**
 * The order's id, the same for each delivery of one line or press.
 *
 * @param key the platform's id of a line; for a button, its signed terms and who pressed it
 */
export function orderIdOf(platform: Platform, tenant: string, key: string, sha256: Sha256): string {
  return `or-${base32(sha256(canonicalJson([platform, tenant, key]))).slice(0, KEPT)}`;
}

/** The action that a person must be permitted for the command; null: everybody may give it. */
export function actionFor(command: ChatCommand): Action | null {
  const { kind } = command;
  if (kind === 'help' || kind === 'whoami') return null;
  return kind === 'status' ? 'see' : kind;
}

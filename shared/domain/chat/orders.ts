import { canonicalJson } from '../../lib/canonical-json.ts';
import type { Platform } from '../model/chat.ts';
import type { ChatCommand } from '../model/order.ts';
import type { Action } from '../model/policy.ts';
import type { Sha256 } from '../model/ports.ts';
import { base32 } from '../../lib/base32.ts';

/** Characters kept, as of a rollout's id. */
const KEPT = 26;

/**
 * After this nothing is done any more that somebody asked for in a chat: they have stopped waiting for it.
 * Our own choice; Feishu delivers again for seven hours.
 */
export const MAX_ORDER_AGE_MS = 15 * 60_000;

/**
 * The same id each time that one line or press is delivered.
 *
 * @param key the platform's id of a line; of a button what is signed into it, and who pressed
 */
export function orderIdOf(platform: Platform, tenant: string, key: string, sha256: Sha256): string {
  return `or-${base32(sha256(canonicalJson([platform, tenant, key]))).slice(0, KEPT)}`;
}

/** What a person must be permitted to give the command; null: everybody may. */
export function actionFor(command: ChatCommand): Action | null {
  switch (command.kind) {
    case 'help':
    case 'whoami':
      return null;
    case 'status':
      return 'see';
    case 'ask':
    case 'undo':
    case 'stop':
    case 'go':
    case 'approve':
    case 'deny':
    case 'pause':
    case 'resume':
    case 'abort':
      return command.kind;
  }
}

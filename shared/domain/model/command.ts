import type { ChatPlace } from './chat.ts';
import type { InstanceId } from './instance.ts';

/** What a person, or a client for a person, can do to a rollout. */
export type Command =
  | { readonly kind: 'pause' }
  /** Continues after a pause or a halt, with a fresh failure budget. */
  | { readonly kind: 'resume' }
  /** Calls that were made finish. Nothing else is begun. */
  | { readonly kind: 'abort' }
  /** Approves exactly this plan: another digest is refused. */
  | { readonly kind: 'approve'; readonly planDigest: string; readonly approver: Approver }
  | { readonly kind: 'deny' }
  /**
   * Settles restarts that are `failed` or `unknown`. Only `retry` permits another restart of an
   * instance.
   */
  | {
      readonly kind: 'resolve';
      readonly as: 'retry' | 'skip';
      readonly instanceIds: readonly InstanceId[];
    };

/** A command as it is read. Who gives it is never read, but known from the signature or the chat. */
export type Wish =
  | Exclude<Command, { readonly kind: 'approve' }>
  | { readonly kind: 'approve'; readonly planDigest: string; readonly approver?: Approver };

/** Who approves, and where. */
export interface Approver {
  /** A person of the policy, or a client that belongs to no person (`personBehind`). Each counts once. */
  readonly person: string;
  /** The conversation; null: the webhook. */
  readonly place: ChatPlace | null;
}

import type { ChatPlace } from './chat.ts';
import type { InstanceId } from './instance.ts';

/** What a person, or a client for a person, can do to a rollout. */
export type Command =
  | { readonly kind: 'pause' }
  /** Goes on after a pause or a halt, with a fresh budget of failures. */
  | { readonly kind: 'resume' }
  /** What runs finishes; nothing else is begun. */
  | { readonly kind: 'abort' }
  /** Bound to the plan: another digest approves nothing. */
  | { readonly kind: 'approve'; readonly planDigest: string; readonly approver: Approver }
  | { readonly kind: 'deny' }
  /**
   * Settles restarts that failed or that nobody knows of. `retry` is the only thing that permits
   * another restart of an instance.
   */
  | {
      readonly kind: 'resolve';
      readonly as: 'retry' | 'skip';
      readonly instanceIds: readonly InstanceId[];
    };

/** A command as somebody writes it: who they are is found out elsewhere, and never read. */
export type Wish =
  | Exclude<Command, { readonly kind: 'approve' }>
  | { readonly kind: 'approve'; readonly planDigest: string; readonly approver?: Approver };

/** Who approves, and from where. */
export interface Approver {
  /** A person of the policy, or a client that is nobody's (`personBehind`): each counts once. */
  readonly person: string;
  /** The conversation; null: through the webhook. */
  readonly place: ChatPlace | null;
}

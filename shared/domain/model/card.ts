import type { ButtonAction } from './chat.ts';

/**
 * What is shown in a chat, for every platform alike. All texts are plain: the platform's adapter makes
 * whatever could be markup, a link or a mention in them harmless.
 */
export interface Card {
  readonly title: string;
  readonly tone: 'neutral' | 'good' | 'warning' | 'bad';
  readonly blocks: readonly CardBlock[];
  readonly buttons: readonly CardButton[];
  /** The platform's id of a user who is to be notified; null for nobody. Only when it is first posted. */
  readonly mention: string | null;
}

export type CardBlock =
  | { readonly kind: 'text'; readonly text: string }
  /** Short pairs, side by side where the platform can. */
  | { readonly kind: 'facts'; readonly facts: readonly (readonly [label: string, value: string])[] }
  /** Shown as it is, in a fixed width: a command, a bar, a digest. */
  | { readonly kind: 'code'; readonly text: string };

export interface CardButton {
  readonly action: ButtonAction;
  readonly label: string;
  readonly style: 'primary' | 'danger' | 'plain';
  /** What has to be confirmed before it is sent; '' for nothing. */
  readonly confirm: string;
  /** The signed envelope: no authority by itself. */
  readonly token: string;
}

import type { ButtonAction } from './chat.ts';

/**
 * A message in a chat, the same for every platform. All texts are plain. The platform's adapter escapes
 * what could be markup, a link or a mention.
 */
export interface Card {
  readonly title: string;
  readonly tone: 'neutral' | 'good' | 'warning' | 'bad';
  readonly blocks: readonly CardBlock[];
  readonly buttons: readonly CardButton[];
  /** The platform's id of the user to notify when the card is first posted; null for nobody. */
  readonly mention: string | null;
}

export type CardBlock =
  | { readonly kind: 'text'; readonly text: string }
  /** Short pairs, side by side where the platform can. */
  | { readonly kind: 'facts'; readonly facts: readonly (readonly [label: string, value: string])[] }
  /** Shown verbatim in a fixed width: a command, a bar, a digest. */
  | { readonly kind: 'code'; readonly text: string };

export interface CardButton {
  readonly action: ButtonAction;
  readonly label: string;
  readonly style: 'primary' | 'danger' | 'plain';
  /** The question to confirm before it is sent; '' for none. */
  readonly confirm: string;
  /** The signed envelope. It carries no authority by itself. */
  readonly token: string;
}

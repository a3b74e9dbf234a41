import type { Card } from '../domain/model/card.ts';

/** Shows the tone where cards have no colour, and to people who do not see it. */
export const TONE_MARK: Readonly<Record<Card['tone'], string>> = {
  neutral: '',
  good: '✅ ',
  warning: '⚠️ ',
  bad: '🛑 ',
};

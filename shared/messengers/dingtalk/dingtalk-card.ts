import type { Card, CardButton } from '../../domain/model/card.ts';
import { TONE_MARK } from '../tone-mark.ts';
import { bodyText, harmlessLine } from './dingtalk-text.ts';

/** The buttons of the template: docs/dingtalk-card.md. Our cards have at most three. */
export const DINGTALK_BUTTONS = 6;

/** Our own choices. DingTalk documents no limit for a card's data. */
const MAX_TITLE = 200;
const MAX_BODY = 5_000;
const MAX_LABEL = 75;
const MAX_CONFIRM = 300;

/**
 * The variables of the card template that docs/dingtalk-card.md describes. Always all of them, because a variable that
 * is not sent keeps its old value.
 */
export function dingtalkCard(card: Card): Readonly<Record<string, string>> {
  const slots = Array.from({ length: DINGTALK_BUTTONS }, (_, i) => slotOf(i + 1, card.buttons[i]));
  return {
    title: `${TONE_MARK[card.tone]}${harmlessLine(card.title, MAX_TITLE) || 'Latchkey'}`,
    status: card.tone,
    body: bodyText(card.blocks, MAX_BODY),
    ...Object.assign({}, ...slots),
  };
}

/** The template hides a button without a text. */
function slotOf(n: number, button: CardButton | undefined): Record<string, string> {
  const { label = '', action = '', token = '', style = 'plain', confirm = '' } = button ?? {};
  return {
    [`button${n}Text`]: harmlessLine(label, MAX_LABEL) || action,
    [`button${n}Token`]: token,
    [`button${n}Style`]: style,
    [`button${n}Confirm`]: harmlessLine(confirm, MAX_CONFIRM),
  };
}

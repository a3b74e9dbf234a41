import type { Body } from '../conversation.ts';

/** How many buttons the template has: docs/dingtalk-card.md. */
const BUTTONS = 6;

export interface TemplateButton {
  readonly actionId: string;
  /** What the template binds to the click: variables in, strings out. */
  readonly params: Readonly<Record<string, string>>;
}

/**
 * The buttons that a member sees, by the template of docs/dingtalk-card.md: a slot without a text is
 * not shown.
 */
export function buttonsOf(
  { cardParamMap, privateData }: Body & { kind: 'template' },
  memberId: string,
): TemplateButton[] {
  const values = { ...cardParamMap, ...privateData[memberId] };
  return Array.from({ length: BUTTONS }, (_, i) => i + 1).flatMap((slot) => {
    if ((values[`button${slot}Text`] ?? '') === '') return [];
    const token = values[`button${slot}Token`] ?? '';
    return [{ actionId: `button${slot}`, params: { token } }];
  });
}

import type { Body } from '../conversation.ts';

/** The template of docs/dingtalk-card.md has six slots for buttons. */
const BUTTONS = 6;

export interface TemplateButton {
  readonly actionId: string;
  /** The parameters that the template sends with the click. */
  readonly params: Readonly<Record<string, string>>;
}

/**
 * The buttons that a member sees. The template of docs/dingtalk-card.md hides a slot without a text.
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

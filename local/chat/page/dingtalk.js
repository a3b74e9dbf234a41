import { element } from './dom.js';
import { looseText } from './markup.js';

const BUTTONS = 6;

/** Shows the card template of docs/dingtalk-card.md, filled in for the chosen person. */
export function dingtalkTemplate({ cardParamMap, privateData }, context) {
  const values = { ...cardParamMap, ...privateData[context.person] };
  const buttons = Array.from({ length: BUTTONS }, (_, i) => i + 1).flatMap((slot) => {
    const label = values[`button${slot}Text`] ?? '';
    if (label === '') return [];
    const text = values[`button${slot}Confirm`] ?? '';
    const style = values[`button${slot}Style`] ?? 'plain';
    const confirm =
      text === ''
        ? undefined
        : { title: 'Confirm', text, yes: 'Confirm', no: 'Cancel', isDanger: style === 'danger' };
    return [context.button({ label, style, confirm })];
  });
  return [
    element('h3', { 'data-tone': values.status ?? 'neutral' }, values.title ?? ''),
    looseText(values.body ?? '', context),
    buttons.length === 0 ? undefined : element('div', { class: 'buttons' }, ...buttons),
  ].filter(Boolean);
}

import { element } from './dom.js';
import { markdown, plainText } from './markup.js';

/** Shows card JSON 2.0, as far as the local chat accepts it: https://open.feishu.cn/document/feishu-cards/card-json-v2-structure */
export function feishuCard({ header, body }, context) {
  const title =
    header &&
    element('h3', { 'data-template': header.template ?? 'default' }, header.title.content);
  return [title, ...body.elements.map((each) => elementOf(each, context))].filter(Boolean);
}

const ELEMENTS = {
  markdown: ({ content }, context) => markdown(content, context),
  div: ({ text }, context) => textOf(text, context),
  hr: () => element('hr'),
  column_set: ({ columns }, context) => {
    const onlyButtons = columns.every(({ elements }) =>
      elements.every(({ tag }) => tag === 'button'),
    );
    const made = columns.map(({ elements }) =>
      element('div', {}, ...elements.map((each) => elementOf(each, context))),
    );
    return element('div', { class: onlyButtons ? 'buttons' : 'columns' }, ...made);
  },
  button: buttonOf,
};

function elementOf(each, context) {
  return (ELEMENTS[each.tag] ?? unknown)(each, context);
}

function unknown({ tag }) {
  return element('p', {}, `(${tag})`);
}

function textOf({ tag, content }, context) {
  return tag === 'lark_md' ? markdown(content, context) : plainText(content);
}

function buttonOf({ text, type = 'default', confirm }, context) {
  const style = ['primary', 'danger'].find((each) => type.startsWith(each)) ?? 'plain';
  const asked = confirm && {
    title: confirm.title?.content ?? '',
    text: confirm.text?.content ?? '',
    yes: 'Confirm',
    no: 'Cancel',
    isDanger: style === 'danger',
  };
  return context.button({ label: text?.content ?? '', style, confirm: asked });
}

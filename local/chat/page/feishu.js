import { element } from './dom.js';
import { markdown } from './markup.js';

/** Card JSON 2.0, as far as it is taken: https://open.feishu.cn/document/feishu-cards/card-json-v2-structure */
export function feishuCard({ header, body }, context) {
  let button = 0;
  const view = { ...context, nextButton: () => button++ };
  const title =
    header &&
    element('h3', { 'data-template': header.template ?? 'default' }, header.title.content);
  return [title, ...body.elements.map((each) => elementOf(each, view))].filter(Boolean);
}

const ELEMENTS = {
  markdown: ({ content }, view) => markdown(content, view),
  div: ({ text }, view) => textOf(text, view),
  hr: () => element('hr'),
  column_set: ({ columns }, view) => {
    const onlyButtons = columns.every(({ elements }) =>
      elements.every(({ tag }) => tag === 'button'),
    );
    const made = columns.map(({ elements }) =>
      element('div', {}, ...elements.map((each) => elementOf(each, view))),
    );
    return element('div', { class: onlyButtons ? 'buttons' : 'columns' }, ...made);
  },
  button: buttonOf,
};

function elementOf(each, view) {
  return (ELEMENTS[each.tag] ?? unknown)(each, view);
}

function unknown({ tag }) {
  return element('p', {}, `(${tag})`);
}

function textOf({ tag, content }, view) {
  if (tag === 'lark_md') return markdown(content, view);
  const lines = content.split('\n').map((line) => element('p', {}, line));
  return element('div', { class: 'markup' }, ...lines);
}

function buttonOf({ text, type = 'default', confirm }, view) {
  const index = view.nextButton();
  const style = ['primary', 'danger'].find((each) => type.startsWith(each)) ?? 'plain';
  const asked = confirm && {
    title: confirm.title?.content ?? '',
    text: confirm.text?.content ?? '',
    yes: 'Confirm',
    no: 'Cancel',
    isDanger: style === 'danger',
  };
  return view.button({ index, label: text?.content ?? '', style, confirm: asked });
}

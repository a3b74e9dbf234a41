import { element } from './dom.js';
import { mention, slackMarkup, unescaped } from './markup.js';

/** Block Kit, as far as it is taken: https://docs.slack.dev/reference/block-kit/blocks */
export function slackBlocks(blocks, context) {
  let button = 0;
  const view = { ...context, nextButton: () => button++ };
  return blocks.map((block) => (BLOCKS[block.type] ?? unknown)(block, view));
}

const BLOCKS = {
  header: ({ text }) => element('h3', {}, text.text),
  divider: () => element('hr'),
  section: ({ text, fields = [], accessory }, view) =>
    element(
      'div',
      { class: 'section' },
      text && textOf(text, view),
      fields.length === 0
        ? undefined
        : element('div', { class: 'fields' }, ...fields.map((field) => textOf(field, view))),
      accessory && buttonOf(accessory, view),
    ),
  context: ({ elements }, view) =>
    element('div', { class: 'context' }, ...elements.map((each) => textOf(each, view))),
  actions: ({ elements }, view) =>
    element('div', { class: 'buttons' }, ...elements.map((each) => buttonOf(each, view))),
  rich_text: ({ elements }, view) =>
    element('div', {}, ...elements.map((each) => richOf(each, view))),
};

function unknown({ type }) {
  return element('p', {}, `(${type})`);
}

function textOf({ type, text }, view) {
  if (type === 'mrkdwn') return slackMarkup(text, view);
  const lines = text.split('\n').map((line) => element('p', {}, line));
  return element('div', { class: 'markup' }, ...lines);
}

function richOf({ type, elements }, view) {
  const name = type === 'rich_text_preformatted' ? 'pre' : 'p';
  return element(name, {}, ...elements.map((each) => richPart(each, view)));
}

function richPart({ type, text, user_id: user, style = {} }, view) {
  if (type === 'user') return mention(view.nameOf(`@${user}`));
  const inner = style.code ? element('code', {}, text) : document.createTextNode(text);
  return style.bold ? element('strong', {}, inner) : inner;
}

function buttonOf({ text, style = 'plain', confirm }, view) {
  const index = view.nextButton();
  const asked = confirm && {
    title: confirm.title.text,
    text: unescaped(confirm.text.text),
    yes: confirm.confirm.text,
    no: confirm.deny.text,
    isDanger: confirm.style === 'danger' || style === 'danger',
  };
  return view.button({ index, label: text.text, style, confirm: asked });
}

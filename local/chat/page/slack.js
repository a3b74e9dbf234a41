import { element } from './dom.js';
import { mention, plainText, slackMarkup, unescaped } from './markup.js';

/** Shows Block Kit, as far as the local chat accepts it: https://docs.slack.dev/reference/block-kit/blocks */
export function slackBlocks(blocks, context) {
  return blocks.map((block) => (BLOCKS[block.type] ?? unknown)(block, context));
}

const BLOCKS = {
  header: ({ text }) => element('h3', {}, text.text),
  divider: () => element('hr'),
  section: ({ text, fields = [], accessory }, context) =>
    element(
      'div',
      { class: 'section' },
      text && textOf(text, context),
      fields.length === 0
        ? undefined
        : element('div', { class: 'fields' }, ...fields.map((field) => textOf(field, context))),
      accessory && buttonOf(accessory, context),
    ),
  context: ({ elements }, context) =>
    element('div', { class: 'context' }, ...elements.map((each) => textOf(each, context))),
  actions: ({ elements }, context) =>
    element('div', { class: 'buttons' }, ...elements.map((each) => buttonOf(each, context))),
  rich_text: ({ elements }, context) =>
    element('div', {}, ...elements.map((each) => richOf(each, context))),
};

function unknown({ type }) {
  return element('p', {}, `(${type})`);
}

function textOf({ type, text }, context) {
  return type === 'mrkdwn' ? slackMarkup(text, context) : plainText(text);
}

function richOf({ type, elements }, context) {
  const name = type === 'rich_text_preformatted' ? 'pre' : 'p';
  return element(name, {}, ...elements.map((each) => richPart(each, context)));
}

function richPart({ type, text, user_id: user, style = {} }, context) {
  if (type === 'user') return mention(context.nameOf(`@${user}`));
  const inner = style.code ? element('code', {}, text) : document.createTextNode(text);
  return style.bold ? element('strong', {}, inner) : inner;
}

function buttonOf({ text, style = 'plain', confirm }, context) {
  const asked = confirm && {
    title: confirm.title.text,
    text: unescaped(confirm.text.text),
    yes: confirm.confirm.text,
    no: confirm.deny.text,
    isDanger: confirm.style === 'danger' || style === 'danger',
  };
  return context.button({ label: text.text, style, confirm: asked });
}

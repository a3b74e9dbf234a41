import { dingtalkTemplate } from './dingtalk.js';
import { element } from './dom.js';
import { feishuCard } from './feishu.js';
import { looseText, markdown, slackMarkup } from './markup.js';
import { slackBlocks } from './slack.js';

const CLOCK = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
});

/**
 * Makes the list item of one message.
 *
 * @param {object} message
 * @param {{ person: string, nameOf: (who: string) => string,
 *   press: (button: number, confirm?: object) => Promise<void> }} surroundings
 */
export function messageItem(message, { person, nameOf, press }) {
  const { platform, id, author, atMs, onlyFor, mentions, edits, body } = message;
  const isApp = author === 'latchkey';
  let buttons = 0;
  const context = { platform, person, nameOf, button };
  return element(
    'li',
    {
      'data-id': id,
      'data-author': author,
      'data-private': onlyFor !== null,
      'data-edits': String(edits),
      class: mentions.includes(person) ? 'notifies' : undefined,
    },
    isApp
      ? element('img', { class: 'face', src: '/chat/page/icon.svg', alt: '' })
      : element('span', { class: 'face', 'aria-hidden': 'true' }, author[0].toUpperCase()),
    element(
      'div',
      { class: 'content' },
      element(
        'p',
        { class: 'byline' },
        element('strong', {}, isApp ? 'Latchkey' : author),
        isApp ? element('span', { class: 'app' }, 'APP') : undefined,
        element('time', { datetime: new Date(atMs).toISOString() }, CLOCK.format(atMs)),
        onlyFor === null ? undefined : element('span', {}, `only ${onlyFor} sees this`),
        edits === 0 ? undefined : element('span', {}, `edited ${edits}×`),
      ),
      element('div', { class: `body ${body.kind}` }, ...bodyOf(body, context)),
    ),
  );

  /** Buttons are numbered in the order in which they are made. */
  function button({ label, style, confirm }) {
    const index = buttons++;
    const made = element(
      'button',
      {
        type: 'button',
        'data-style': style,
        // Disabled until the press is answered, so that it is not pressed twice.
        onclick: () => {
          made.disabled = true;
          void press(index, confirm).finally(() => (made.disabled = false));
        },
      },
      label,
    );
    return made;
  }
}

/** How the cards of a platform are shown, if they are JSON. */
const CARDS = { feishu: feishuCard };

function bodyOf(body, context) {
  switch (body.kind) {
    case 'text':
      return [textOf(body.text, context)];
    case 'markdown':
      return [markdown(body.text, context)];
    case 'blocks':
      return slackBlocks(body.blocks, context);
    case 'template':
      return dingtalkTemplate(body, context);
    case 'card':
      return CARDS[context.platform](body.card, context);
  }
  return [];
}

/** Text has markup on Slack. On the other platforms it can only contain mentions and links. */
function textOf(text, context) {
  return context.platform === 'slack' ? slackMarkup(text, context) : looseText(text, context);
}

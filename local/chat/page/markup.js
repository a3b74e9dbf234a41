import { element } from './dom.js';

/**
 * The markup of the platforms, as far as messages may use it. The page shows a link or a mention wherever the
 * platform would. A reader and the tests can then see where text wrongly became one.
 */

/** Inline rules: the first pattern that matches wins. */
const SLACK = [
  [/^`([^`\n]+)`/, ([, text]) => element('code', {}, unescaped(text))],
  [/^<(@[A-Z0-9]+|![a-z]+)(?:\|[^>]*)?>/, ([, who], context) => mention(context.nameOf(who))],
  [/^<((?:https?|mailto):[^|>]+)(?:\|([^>]+))?>/, ([, url, text]) => link(url, text ?? url)],
  [/^\*([^*\n]+)\*/, ([, text], context) => wrap('strong', text, context)],
  [/^_([^_\n]+)_(?![a-zA-Z0-9])/, ([, text], context) => wrap('em', text, context)],
  [/^~([^~\n]+)~/, ([, text], context) => wrap('s', text, context)],
  [/^&(amp|lt|gt);/, ([entity]) => unescaped(entity)],
];

const MARKDOWN = [
  [/^\\([\\`*_{}[\]()<>#+\-.!~|&@])/, ([, character]) => character],
  [/^`([^`\n]+)`/, ([, text]) => element('code', {}, text)],
  [
    /^<at (?:user_)?id=["']?([^"'>\s]+)["']?\s*>(?:<\/at>)?/,
    ([, who], { nameOf }) => mention(nameOf(who)),
  ],
  [
    /^<font color=["']?[a-z0-9_-]+["']?>(.*?)<\/font>/,
    ([, text], context) => wrap('span', text, context),
  ],
  [/^!?\[([^\]\n]*)\]\(([^)\s]+)\)/, ([, text, url]) => link(url, text)],
  [/^https?:\/\/[^\s<>)]+/, ([url]) => link(url, url)],
  [/^\*\*([^*\n]+)\*\*/, ([, text], context) => wrap('strong', text, context)],
  [/^\*([^*\n]+)\*/, ([, text], context) => wrap('em', text, context)],
  [/^~~([^~\n]+)~~/, ([, text], context) => wrap('s', text, context)],
  [/^&(amp|lt|gt|quot|nbsp|#\d{1,5}|#x[0-9a-f]{1,4});/i, ([entity]) => entityOf(entity)],
];

const LOOSE = [
  [/^@([\w.-]+|所有人)/, ([, who], { nameOf }) => mention(nameOf(who))],
  [/^(?:https?:\/\/|www\.)[^\s<>)]+/, ([url]) => link(url, url)],
];

/**
 * @param {string} text
 * @param {{ nameOf: (who: string) => string }} context `nameOf` returns the name to show for a mention
 */
export function slackMarkup(text, context) {
  return blocks(text, { ...context, rules: SLACK, raw: unescaped });
}

/** @param {string} text @param {{ nameOf: (who: string) => string }} context */
export function markdown(text, context) {
  return blocks(text, { ...context, rules: MARKDOWN, raw: (code) => code });
}

/** Text without any markup. @param {string} text */
export function plainText(text) {
  return paragraphs(text, (line) => [line]);
}

/**
 * Text without markup. DingTalk's clients still turn mentions and addresses in it into links.
 *
 * @param {string} text @param {{ nameOf: (who: string) => string }} context
 */
export function looseText(text, context) {
  return paragraphs(text, (line) => inline(line, { ...context, rules: LOOSE }));
}

function paragraphs(text, partsOf) {
  const lines = text.split('\n').map((line) => element('p', {}, ...partsOf(line)));
  return element('div', { class: 'markup' }, ...lines);
}

/** Fenced code and lines. A line can be a heading, a quote or a list item. */
function blocks(text, context) {
  const made = element('div', { class: 'markup' });
  text.split(/```(?:[a-z]*\n)?/).forEach((part, index) => {
    if (index % 2 === 1) made.append(element('pre', {}, context.raw(part.replace(/\n$/, ''))));
    else if (part.trim() !== '') {
      for (const line of part.replace(/^\n|\n$/g, '').split('\n'))
        made.append(lineOf(line, context));
    }
  });
  return made;
}

function lineOf(line, context) {
  const isMarkdown = context.rules === MARKDOWN;
  const heading = isMarkdown ? /^#{1,6} (.*)$/.exec(line) : null;
  if (heading !== null) return element('p', { class: 'heading' }, ...inline(heading[1], context));
  const quote = /^(?:>|&gt;) ?(.*)$/.exec(line);
  if (quote !== null) return element('blockquote', {}, ...inline(quote[1], context));
  const point = isMarkdown ? /^\s*[-*] (.*)$/.exec(line) : null;
  if (point !== null) return element('p', { class: 'point' }, ...inline(point[1], context));
  if (isMarkdown && /^\s*-{3,}\s*$/.test(line)) return element('hr');
  return element('p', {}, ...inline(line, context));
}

function inline(text, context) {
  const made = [];
  let plain = '';
  for (let rest = text; rest !== '';) {
    const found = context.rules
      .map(([pattern, make]) => ({ match: pattern.exec(rest), make }))
      .find(({ match }) => match !== null);
    if (found === undefined) {
      plain += rest[0];
      rest = rest.slice(1);
      continue;
    }
    made.push(plain, found.make(found.match, context));
    plain = '';
    rest = rest.slice(found.match[0].length);
  }
  return [...made, plain].filter((part) => part !== '');
}

function wrap(name, text, context) {
  return element(name, {}, ...inline(text, context));
}

export function mention(name) {
  return element('span', { class: 'mention' }, `@${name}`);
}

/** The link has no address, because messages of tests may contain hostile links. */
function link(url, text) {
  return element('a', { title: url }, text);
}

export function unescaped(text) {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

function entityOf(entity) {
  const named = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&nbsp;': '\u00a0' };
  const code = /^&#(x?)([0-9a-f]+);$/i.exec(entity);
  if (code === null) return named[entity.toLowerCase()] ?? entity;
  return String.fromCharCode(Number.parseInt(code[2], code[1] === '' ? 10 : 16));
}

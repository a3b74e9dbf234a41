import { type Fields, isFields, objectsIn, strangers } from '../wire.ts';

/** "卡片及富文本消息请求体最大不能超过30KB": https://open.feishu.cn/document/server-docs/im-v1/message/create */
export const MAX_CARD_BYTES = 30 * 1_024;
/** Limit of everything that has a tag: https://open.feishu.cn/document/feishu-cards/card-json-v2-structure */
const MAX_TAGS = 200;
/** https://open.feishu.cn/document/feishu-cards/card-json-v2-components/content-components/title */
const TEMPLATES = [
  'blue',
  'wathet',
  'turquoise',
  'green',
  'yellow',
  'orange',
  'red',
  'carmine',
  'violet',
  'purple',
  'indigo',
  'grey',
  'default',
];

type Values = readonly string[] | 'text' | 'elements' | 'columns' | 'behaviors' | 'string' | 'any';

/** The properties of each element. `!` marks a required property. */
const ELEMENTS: Readonly<Record<string, Readonly<Record<string, Values>>>> = {
  markdown: { 'content!': 'string', text_size: 'any', text_align: 'any', icon: 'any' },
  div: { 'text!': 'text', icon: 'any', width: 'any' },
  hr: {},
  column_set: { 'columns!': 'columns', ...flex() },
  column: { 'elements!': 'elements', ...flex() },
  button: {
    text: 'text',
    type: [
      'default',
      'primary',
      'danger',
      'text',
      'primary_text',
      'danger_text',
      'primary_filled',
      'danger_filled',
      'laser',
    ],
    size: ['tiny', 'small', 'medium', 'large'],
    width: 'any',
    icon: 'any',
    disabled: 'any',
    disabled_tips: 'any',
    hover_tips: 'any',
    confirm: 'any',
    behaviors: 'behaviors',
    name: 'string',
  },
};

/** Properties that every element may have. */
const COMMON = ['tag', 'element_id', 'margin'];

function flex(): Record<string, Values> {
  const names = [
    'flex_mode',
    'horizontal_align',
    'horizontal_spacing',
    'vertical_align',
    'vertical_spacing',
    'background_style',
    'direction',
    'padding',
    'width',
    'weight',
  ];
  return Object.fromEntries(names.map((name) => [name, 'any']));
}

/**
 * Checks a card of JSON 2.0. Elements that the page cannot show are refused, too. The official list of
 * properties: https://open.feishu.cn/document/feishu-cards/card-json-v2-structure
 *
 * @returns what is wrong with the card, or undefined
 */
export function cardFault(card: unknown): string | undefined {
  if (!isFields(card)) return 'parse card json err';
  if (card['schema'] !== '2.0') return `unsupported schema: ${String(card['schema'])}`;
  const unknown = strangers(card, ['schema', 'config', 'header', 'body', 'card_link']);
  if (unknown.length > 0) return `unknown property, property: [${unknown.join(', ')}]`;
  const { config = {}, header, body } = card;
  if (!isFields(config)) return 'config must be an object';
  const tags = [...objectsIn(card)].filter((each) => 'tag' in each).length;
  if (tags > MAX_TAGS) return `too many elements: ${tags}`;
  return headerFault(header) ?? bodyFault(body);
}

function headerFault(header: unknown): string | undefined {
  if (header === undefined) return undefined;
  if (!isFields(header)) return 'header must be an object';
  const known = ['title', 'subtitle', 'text_tag_list', 'template', 'icon', 'padding'];
  const unknown = strangers(header, known);
  if (unknown.length > 0) return `header: unknown property, property: [${unknown.join(', ')}]`;
  const { template = 'default' } = header;
  if (!TEMPLATES.includes(String(template))) return `header: unknown template ${String(template)}`;
  return textFault(header['title'], 'header.title');
}

function bodyFault(body: unknown): string | undefined {
  if (!isFields(body)) return 'body must be an object';
  const faults: string[] = [];
  const visit = (elements: unknown, at: string, columns = false): void => {
    if (!Array.isArray(elements)) {
      faults.push(`${at} must be an array`);
      return;
    }
    elements.forEach((element, index) => visitOne(element, `${at}[${index}]`, columns));
  };
  const visitOne = (element: unknown, at: string, column: boolean): void => {
    const tag = isFields(element) ? String(element['tag']) : '';
    const properties = ELEMENTS[tag];
    if (!isFields(element) || properties === undefined || (tag === 'column') !== column) {
      faults.push(`${at}: not support tag: ${tag}`);
      return;
    }
    const names = Object.keys(properties).map((name) => name.replace('!', ''));
    for (const name of strangers(element, [...COMMON, ...names])) {
      faults.push(`${at}: unknown property, property: [${name}]`);
    }
    for (const [marked, values] of Object.entries(properties)) {
      const name = marked.replace('!', '');
      const value = element[name];
      if (value === undefined) {
        if (marked !== name) faults.push(`${at}: ${name} is required`);
      } else if (values === 'elements') visit(value, `${at}.${name}`);
      else if (values === 'columns') visit(value, `${at}.${name}`, true);
      else faults.push(...valueFaults(value, values, `${at}.${name}`));
    }
  };
  visit(body['elements'], 'body.elements');
  return faults[0];
}

function valueFaults(value: unknown, values: Values, at: string): string[] {
  if (values === 'any') return [];
  if (values === 'text') return [textFault(value, at) ?? []].flat();
  if (values === 'string') return typeof value === 'string' ? [] : [`${at} must be a string`];
  if (values === 'behaviors') {
    const isCallback = (each: unknown) => isFields(each) && each['type'] === 'callback';
    return Array.isArray(value) && value.every(isCallback) ? [] : [`${at}: not support behavior`];
  }
  return values.includes(String(value)) ? [] : [`${at}: unknown value ${String(value)}`];
}

function textFault(text: unknown, at: string): string | undefined {
  if (!isFields(text)) return `${at} must be an object`;
  const { tag, content } = text as Fields;
  if (tag !== 'plain_text' && tag !== 'lark_md') return `${at}: not support tag: ${String(tag)}`;
  return typeof content === 'string' ? undefined : `${at}.content must be a string`;
}

/** The buttons of a card, in the order in which the page shows them. */
export function buttonsOf(card: unknown): Fields[] {
  const found: Fields[] = [];
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(walk);
    else if (isFields(value)) {
      if (value['tag'] === 'button') found.push(value);
      else Object.values(value).forEach(walk);
    }
  };
  if (isFields(card)) walk(card['body']);
  return found;
}

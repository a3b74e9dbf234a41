import { type Fields, isFields, strangers } from '../wire.ts';

/** https://docs.slack.dev/reference/block-kit/blocks */
const MAX_BLOCKS = 50;
/** https://docs.slack.dev/reference/block-kit/blocks/section-block */
const MAX_SECTION_TEXT = 3_000;
const MAX_FIELDS = 10;
const MAX_FIELD_TEXT = 2_000;
/** https://docs.slack.dev/reference/block-kit/blocks/header-block */
const MAX_HEADER_TEXT = 150;
/** https://docs.slack.dev/reference/block-kit/blocks/actions-block */
const MAX_ACTIONS = 25;
/** https://docs.slack.dev/reference/block-kit/blocks/context-block */
const MAX_CONTEXT = 10;
const MAX_ID = 255;
/** https://docs.slack.dev/reference/block-kit/block-elements/button-element */
const MAX_BUTTON_TEXT = 75;
const MAX_BUTTON_VALUE = 2_000;
const MAX_BUTTON_URL = 3_000;
/** https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object */
const MAX_CONFIRM_TITLE = 100;
const MAX_CONFIRM_TEXT = 300;
const MAX_CONFIRM_ANSWER = 30;

type Check = (value: unknown, at: string, faults: string[]) => void;

interface Shape {
  readonly needed: Readonly<Record<string, Check>>;
  readonly optional?: Readonly<Record<string, Check>>;
}

/**
 * Checks blocks as Slack does. Blocks and elements that the page cannot show are refused, too.
 *
 * @returns what Slack would put in `errors`
 */
export function blockFaults(blocks: unknown): string[] {
  const faults: string[] = [];
  if (!Array.isArray(blocks)) return ['must be an array [json-pointer:/blocks]'];
  if (blocks.length > MAX_BLOCKS) {
    faults.push(`no more than ${MAX_BLOCKS} items allowed [json-pointer:/blocks]`);
  }
  blocks.forEach((block, index) => byType(BLOCKS)(block, `/blocks/${index}`, faults));
  const ids = blocks.flatMap((block) => (isFields(block) ? (block['block_id'] ?? []) : []));
  if (new Set(ids).size < ids.length) faults.push('block_id must be unique [json-pointer:/blocks]');
  return faults;
}

const one =
  (...allowed: readonly unknown[]): Check =>
  (value, at, faults) => {
    if (!allowed.includes(value)) faults.push(`value is not allowed [json-pointer:${at}]`);
  };

const string =
  (max: number, min = 1): Check =>
  (value, at, faults) => {
    if (typeof value !== 'string') faults.push(`must be a string [json-pointer:${at}]`);
    else if (value.length < min) {
      faults.push(`must be more than ${min - 1} characters [json-pointer:${at}]`);
    } else if (value.length > max) {
      faults.push(`must be less than ${max + 1} characters [json-pointer:${at}]`);
    }
  };

const list =
  (max: number, each: Check): Check =>
  (value, at, faults) => {
    if (!Array.isArray(value)) faults.push(`must be an array [json-pointer:${at}]`);
    else if (value.length === 0) faults.push(`no fewer than 1 items allowed [json-pointer:${at}]`);
    else if (value.length > max) {
      faults.push(`no more than ${max} items allowed [json-pointer:${at}]`);
    } else value.forEach((item, index) => each(item, `${at}/${index}`, faults));
  };

const shape =
  ({ needed, optional = {} }: Shape): Check =>
  (value, at, faults) => {
    if (!isFields(value)) {
      faults.push(`must be an object [json-pointer:${at}]`);
      return;
    }
    for (const [name, check] of Object.entries(needed)) {
      if (value[name] === undefined) {
        faults.push(`missing required field: ${name} [json-pointer:${at}]`);
      } else check(value[name], `${at}/${name}`, faults);
    }
    for (const [name, check] of Object.entries(optional)) {
      if (value[name] !== undefined) check(value[name], `${at}/${name}`, faults);
    }
    const known = ['type', ...Object.keys(needed), ...Object.keys(optional)];
    for (const name of strangers(value, known)) {
      faults.push(`invalid additional property: ${name} [json-pointer:${at}]`);
    }
  };

const byType =
  (shapes: Readonly<Record<string, Shape | ((value: Fields) => Shape)>>): Check =>
  (value, at, faults) => {
    const type = isFields(value) ? value['type'] : undefined;
    const found = typeof type === 'string' ? shapes[type] : undefined;
    if (found === undefined)
      faults.push(`unsupported type: ${String(type)} [json-pointer:${at}/type]`);
    else shape(typeof found === 'function' ? found(value as Fields) : found)(value, at, faults);
  };

const plain = (max: number) =>
  byType({ plain_text: { needed: { text: string(max) }, optional: { emoji: one(true, false) } } });
const anyText = (max: number) =>
  byType({
    plain_text: { needed: { text: string(max) }, optional: { emoji: one(true, false) } },
    mrkdwn: { needed: { text: string(max) }, optional: { verbatim: one(true, false) } },
  });

const confirm = shape({
  needed: {
    title: plain(MAX_CONFIRM_TITLE),
    text: anyText(MAX_CONFIRM_TEXT),
    confirm: plain(MAX_CONFIRM_ANSWER),
    deny: plain(MAX_CONFIRM_ANSWER),
  },
  optional: { style: one('primary', 'danger') },
});

const button = byType({
  button: {
    needed: { text: plain(MAX_BUTTON_TEXT) },
    optional: {
      action_id: string(MAX_ID),
      value: string(MAX_BUTTON_VALUE),
      url: string(MAX_BUTTON_URL),
      style: one('primary', 'danger'),
      confirm,
      accessibility_label: string(MAX_BUTTON_TEXT),
    },
  },
});

const style: Check = (value, at, faults) => {
  const booleans = { bold: one(true, false), italic: one(true, false), strike: one(true, false) };
  shape({ needed: {}, optional: { ...booleans, code: one(true, false) } })(value, at, faults);
};
const richElement = byType({
  text: { needed: { text: string(Infinity) }, optional: { style } },
  user: { needed: { user_id: string(MAX_ID) }, optional: { style } },
});
const richElements = list(Infinity, richElement);

const blockId = { block_id: string(MAX_ID) };
const BLOCKS: Readonly<Record<string, Shape | ((value: Fields) => Shape)>> = {
  header: { needed: { text: plain(MAX_HEADER_TEXT) }, optional: blockId },
  divider: { needed: {}, optional: blockId },
  // A section needs a text, or fields, or both.
  section: (value) => {
    const parts = {
      text: anyText(MAX_SECTION_TEXT),
      fields: list(MAX_FIELDS, anyText(MAX_FIELD_TEXT)),
    };
    const optional = { ...blockId, ...parts, accessory: button, expand: one(true, false) };
    return { needed: value['fields'] === undefined ? { text: parts.text } : {}, optional };
  },
  context: {
    needed: { elements: list(MAX_CONTEXT, anyText(MAX_SECTION_TEXT)) },
    optional: blockId,
  },
  actions: { needed: { elements: list(MAX_ACTIONS, button) }, optional: blockId },
  rich_text: {
    needed: {
      elements: list(
        Infinity,
        byType({
          rich_text_section: { needed: { elements: richElements } },
          rich_text_preformatted: {
            needed: { elements: richElements },
            optional: { border: one(0, 1) },
          },
        }),
      ),
    },
    optional: blockId,
  },
};

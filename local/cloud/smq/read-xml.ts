/** One element of a request document. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** All text directly inside, entities resolved, white space kept. */
  readonly text: string;
}

export class XmlError extends Error {
  override readonly name = 'XmlError';
}

interface OpenElement extends XmlElement {
  readonly children: XmlElement[];
  text: string;
}

const NAME = '[A-Za-z_][\\w.:-]*';
const VALUE = `"[^"<]*"|'[^'<]*'`;
const TOKEN = new RegExp(
  [
    '<!--[\\s\\S]*?-->',
    '<\\?[\\s\\S]*?\\?>',
    '<!\\[CDATA\\[(?<cdata>[\\s\\S]*?)\\]\\]>',
    `</(?<close>${NAME})\\s*>`,
    `<(?<open>${NAME})(?<attributes>(?:\\s+${NAME}\\s*=\\s*(?:${VALUE}))*)\\s*(?<empty>/?)>`,
    '(?<text>[^<]+)',
  ].join('|'),
  'y',
);
const ATTRIBUTE = new RegExp(`(${NAME})\\s*=\\s*(${VALUE})`, 'g');
const NAMED: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
};
/** What XML 1.0 forbids, written out or as a reference: https://www.w3.org/TR/xml/#charsets */
// oxlint-disable-next-line no-control-regex -- these are the characters meant
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/**
 * Reads a small XML document: elements, attributes, text, CDATA, comments, the five named entities
 * and character references. A document type is refused, and with it every entity of its own.
 *
 * @throws {XmlError} for anything that is not well-formed UTF-8 XML with one root
 */
export function readXml(bytes: Buffer): XmlElement {
  const text = decode(bytes);
  if (FORBIDDEN.test(text)) throw new XmlError('Cannot read XML: forbidden character');
  const open: OpenElement[] = [];
  let root: XmlElement | undefined;
  let position = 0;
  while (position < text.length) {
    TOKEN.lastIndex = position;
    const token = TOKEN.exec(text);
    if (token === null) throw new XmlError(`Cannot read XML at ${position}: not well-formed`);
    position = TOKEN.lastIndex;
    const part = token.groups ?? {};
    const inside = open.at(-1);
    if (part['open'] !== undefined) {
      if (inside === undefined && root !== undefined)
        throw new XmlError('Cannot read XML: two roots');
      const element: OpenElement = {
        name: part['open'],
        attributes: attributesOf(part['attributes'] ?? ''),
        children: [],
        text: '',
      };
      inside?.children.push(element);
      root ??= element;
      if (part['empty'] === '') open.push(element);
    } else if (part['close'] !== undefined) {
      if (inside?.name !== part['close']) {
        throw new XmlError(`Cannot read XML: "</${part['close']}>" closes nothing`);
      }
      open.pop();
    } else {
      const piece = part['cdata'] ?? (part['text'] === undefined ? '' : resolve(part['text']));
      if (inside !== undefined) inside.text += piece;
      else if (piece.trim() !== '') throw new XmlError('Cannot read XML: text outside the root');
    }
  }
  if (root === undefined || open.length > 0) throw new XmlError('Cannot read XML: unfinished');
  return root;
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new XmlError('Cannot read XML: not UTF-8', { cause });
  }
}

function attributesOf(source: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name, quoted] of source.matchAll(ATTRIBUTE)) {
    if (attributes.has(name!)) throw new XmlError(`Cannot read XML: "${name}" given twice`);
    attributes.set(name!, resolve(quoted!.slice(1, -1)));
  }
  return attributes;
}

function resolve(text: string): string {
  if (text.includes(']]>')) throw new XmlError('Cannot read XML: "]]>" in text');
  return text.replaceAll(/&([^;&]*;)?/g, (whole, reference: string | undefined) => {
    const name = reference?.slice(0, -1) ?? '';
    const number = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(name);
    if (number === null) {
      const plain = Object.hasOwn(NAMED, name) ? NAMED[name] : undefined;
      if (plain === undefined) throw new XmlError(`Cannot read XML: unknown entity "${whole}"`);
      return plain;
    }
    const code = number[1] === undefined ? Number(number[2]) : Number.parseInt(number[1], 16);
    const character = code <= 0x10_ff_ff && (code < 0xd8_00 || code > 0xdf_ff);
    const resolved = character ? String.fromCodePoint(code) : '\u0000';
    if (FORBIDDEN.test(resolved)) throw new XmlError(`Cannot read XML: forbidden "${whole}"`);
    return resolved;
  });
}

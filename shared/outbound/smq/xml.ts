/**
 * The part of XML that SMQ uses: elements, text, and the five named and the numbered entities. Attributes are
 * ignored, and a document type is refused.
 */

export interface XmlElement {
  readonly name: string;
  /** The text directly inside the element, with entities resolved. */
  readonly text: string;
  readonly children: readonly XmlElement[];
}

export class XmlError extends Error {
  override readonly name = 'XmlError';
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

/** A document in the namespace of SMQ. @param content XML */
export function smqDocument(name: string, content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><${name} xmlns="http://mns.aliyuncs.com/doc/v1/">${content}</${name}>`;
}

export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (mark) => {
    const name = Object.keys(ENTITIES).find((entity) => ENTITIES[entity] === mark);
    return `&${name};`;
  });
}

/** A declaration or comment, CDATA, a tag with its attributes, or text. */
const TOKEN =
  /<\?[^]*?\?>|<!--[^]*?-->|<!\[CDATA\[([^]*?)\]\]>|<(\/?)([A-Za-z_][\w.:-]*)((?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/gy;

/**
 * @returns the root element
 * @throws {XmlError} for anything but one well-formed document
 */
export function parseXml(document: string): XmlElement {
  const root = { name: '', text: '', children: [] as XmlElement[] };
  const open = [root];
  let at = 0;
  for (const token of document.matchAll(TOKEN)) {
    const [whole, cdata, closing, name, , empty, text] = token;
    at += whole.length;
    const parent = open.at(-1)!;
    if (name !== undefined) {
      if (closing === '/') {
        if (open.length === 1 || parent.name !== name) throw new XmlError(`"${name}" is not open`);
        open.pop();
        continue;
      }
      const element = { name, text: '', children: [] as XmlElement[] };
      parent.children.push(element);
      if (empty !== '/') open.push(element);
    } else {
      const more = cdata ?? (text === undefined ? '' : resolveEntities(text));
      if (parent === root && more.trim() !== '') throw new XmlError('text outside of the root');
      parent.text += more;
    }
  }
  const [only, ...others] = root.children;
  if (at !== document.length) throw new XmlError(`not XML at ${at}`);
  if (open.length > 1) throw new XmlError(`"${open.at(-1)!.name}" is not closed`);
  if (only === undefined || others.length > 0) throw new XmlError('not one root element');
  return only;
}

function resolveEntities(text: string): string {
  return text.replace(/&([^;&\s]*);?/g, (whole, name: string) => {
    if (!whole.endsWith(';')) throw new XmlError('an ampersand that begins no entity');
    const point = name.startsWith('#x')
      ? Number.parseInt(name.slice(2), 16)
      : name.startsWith('#')
        ? Number.parseInt(name.slice(1), 10)
        : undefined;
    if (point === undefined) {
      if (!Object.hasOwn(ENTITIES, name)) throw new XmlError(`unknown entity "${name}"`);
      return ENTITIES[name]!;
    }
    if (!(point > 0 && point <= 0x10ffff)) throw new XmlError(`unknown entity "${name}"`);
    return String.fromCodePoint(point);
  });
}

/** The text of the first child of this name; undefined when there is none. */
export function childText(element: XmlElement, name: string): string | undefined {
  return element.children.find((child) => child.name === name)?.text;
}

import { XMLParser, XMLValidator } from 'fast-xml-parser';

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

/** An element or a text as fast-xml-parser returns it: an object whose only other key is the name. */
type Node = Readonly<Record<string, readonly Node[] | string>> & {
  readonly ':@'?: Readonly<Record<string, string>>;
};

const PARSER = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  trimValues: false,
  cdataPropName: '#cdata',
  // `resolve` does it: the library does not refuse unknown entities.
  processEntities: false,
});

const DECLARATION = /^<\?xml\s[^<>]*\?>/;
const COMMENT_OR_CDATA = /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>/g;
/** A document type (and with it every entity of its own), a processing instruction, or a stray end of CDATA. */
const REFUSED = /<[!?]|\]\]>/;
/** What XML 1.0 forbids, written out or as a reference: https://www.w3.org/TR/xml/#charsets */
// oxlint-disable-next-line no-control-regex -- exactly these characters are forbidden
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
const NAMED = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

/**
 * Reads a small XML document: elements, attributes, text, CDATA, comments, the five named entities
 * and character references. Everything else is refused.
 *
 * @throws {XmlError} for anything that is not well-formed UTF-8 XML with one root
 */
export function readXml(bytes: Buffer): XmlElement {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(DECLARATION, '');
    // fast-xml-parser ignores text outside the root. An element around it makes that text visible.
    const whole = `<document>${text}</document>`;
    const valid = XMLValidator.validate(whole);
    if (valid !== true) throw new XmlError(valid.err.msg);
    const [document, ...others] = PARSER.parse(whole) as Node[];
    const { children, text: outside } = elementOf(document!);
    const [root] = children;
    if (root === undefined || children.length + others.length > 1 || outside.trim() !== '') {
      throw new XmlError('it must have one root, and no text outside');
    }
    // Only now: on a document that is not well-formed, this search would take quadratic time.
    if (FORBIDDEN.test(text) || REFUSED.test(text.replaceAll(COMMENT_OR_CDATA, ''))) {
      throw new XmlError('only elements, text, CDATA and comments are supported');
    }
    return root;
  } catch (cause) {
    throw new XmlError(`Cannot read XML: ${(cause as Error).message}`, { cause });
  }
}

function elementOf({ ':@': attributes = {}, ...named }: Node): XmlElement {
  const [[name, nodes]] = Object.entries(named) as unknown as [[string, readonly Node[]]];
  const children: XmlElement[] = [];
  let text = '';
  for (const node of nodes) {
    const cdata = node['#cdata'] as readonly { readonly '#text': string }[] | undefined;
    if (typeof node['#text'] === 'string') text += resolve(node['#text']);
    else if (cdata !== undefined) text += cdata.map((piece) => piece['#text']).join('');
    else children.push(elementOf(node));
  }
  const resolved = Object.entries(attributes).map(([key, value]) => {
    if (value.includes('<')) throw new XmlError('"<" in an attribute');
    return [key, resolve(value)] as const;
  });
  return { name, attributes: new Map(resolved), children, text };
}

function resolve(text: string): string {
  return text.replaceAll(/&([^;&]*;)?/g, (whole, reference: string | undefined) => {
    const name = reference?.slice(0, -1) ?? '';
    const [, hex, decimal] = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(name) ?? [];
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    const isCharacter = code <= 0x10_ff_ff && (code < 0xd8_00 || code > 0xdf_ff);
    const resolved = isCharacter ? String.fromCodePoint(code) : NAMED.get(name);
    if (resolved === undefined || FORBIDDEN.test(resolved)) {
      throw new XmlError(`unknown "${whole}"`);
    }
    return resolved;
  });
}

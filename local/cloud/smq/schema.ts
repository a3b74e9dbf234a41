import { againstSchema, outOfRange, smqError } from './errors.ts';
import type { Range } from './limits.ts';
import { readXml, XmlError, type XmlElement } from './read-xml.ts';
import { NAMESPACE } from './write-xml.ts';

/** The Java SDK leaves out the last slash. Both forms are accepted. */
const NAMESPACES: ReadonlySet<string | undefined> = new Set([NAMESPACE, NAMESPACE.slice(0, -1)]);

/**
 * The root of a request document.
 *
 * @throws {SmqError} MalformedXML, or InvalidArgument for another root or namespace
 */
export function documentOf(body: Buffer, rootName: string): XmlElement {
  let root: XmlElement;
  try {
    root = readXml(body);
  } catch (error) {
    if (error instanceof XmlError) throw smqError('MalformedXML');
    throw error;
  }
  if (root.name !== rootName) throw againstSchema(root.name);
  if (!NAMESPACES.has(root.attributes.get('xmlns'))) throw againstSchema('xmlns');
  return root;
}

/**
 * The children that hold text only, by name.
 *
 * @throws {SmqError} InvalidArgument for a child that is unknown, repeated or nested
 */
export function fieldsOf(element: XmlElement, allowed: readonly string[]): Map<string, string> {
  const fields = new Map<string, string>();
  if (element.text.trim() !== '') throw againstSchema(element.name);
  for (const child of element.children) {
    const { name } = child;
    if (!allowed.includes(name) || fields.has(name) || child.children.length > 0) {
      throw againstSchema(name);
    }
    fields.set(name, child.text);
  }
  return fields;
}

/**
 * The children of a list document, all of one name.
 *
 * @throws {SmqError} InvalidArgument for none, for too many, or for a child of another name
 */
export function itemsOf(
  element: XmlElement,
  itemName: string,
  count: Range,
): readonly XmlElement[] {
  const stranger = element.children.find(({ name }) => name !== itemName);
  if (stranger !== undefined) throw againstSchema(stranger.name);
  if (element.text.trim() !== '') throw againstSchema(element.name);
  const { length } = element.children;
  if (length < count.low || length > count.high) throw outOfRange(element.name, count);
  return element.children;
}

/** @throws {SmqError} InvalidArgument for a text that is not a whole number, or out of range */
export function integerIn(text: string, name: string, range: Range): number {
  if (!/^\s*-?\d{1,15}\s*$/.test(text)) throw againstSchema(name);
  const value = Number(text);
  if (value < range.low || value > range.high) throw outOfRange(name, range);
  return value;
}

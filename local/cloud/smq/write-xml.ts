/** An element to be written. An element with undefined content is left out. */
export type Xml = readonly [name: string, content: string | number | readonly Xml[] | undefined];

/** https://help.aliyun.com/document_detail/27487.html */
export const NAMESPACE = 'http://mns.aliyuncs.com/doc/v1/';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // A parser turns a bare carriage return into a line feed: https://www.w3.org/TR/xml/#sec-line-ends
  '\r': '&#13;',
};

/** A whole document in SMQ's namespace. */
export function writeXml([name, content]: Xml): string {
  const inner = typeof content === 'object' ? content.map(write).join('') : escape(content ?? '');
  return `<?xml version="1.0" encoding="UTF-8"?><${name} xmlns="${NAMESPACE}">${inner}</${name}>`;
}

function write([name, content]: Xml): string {
  if (content === undefined) return '';
  const inner = typeof content === 'object' ? content.map(write).join('') : escape(content);
  return `<${name}>${inner}</${name}>`;
}

function escape(content: string | number): string {
  return String(content).replaceAll(/[&<>"'\r]/g, (character) => ESCAPES[character]!);
}

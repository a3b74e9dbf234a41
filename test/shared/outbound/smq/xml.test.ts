import fc from 'fast-check';
import { test } from 'vitest';
import { escapeXml, parseXml, XmlError } from '../../../../shared/outbound/smq/xml.ts';

test('an escaped text is read back unchanged', async ({ expect }) => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(parseXml(`<a>${escapeXml(text)}</a>`).text).toBe(text);
    }),
  );
});

test('elements nest, and attributes, declarations and comments are ignored', async ({ expect }) => {
  const document = `<?xml version="1.0" encoding="utf-8"?>
    <!-- <hidden/> -->
    <Messages xmlns="http://mns.aliyuncs.com/doc/v1/" x='>'>
      <Message><MessageId>A&#66;&#x43;</MessageId><Empty/></Message><Message><![CDATA[<&]]></Message>
    </Messages>`;
  const { name, children } = parseXml(document);
  expect(name).toBe('Messages');
  expect(children).toMatchObject([
    {
      name: 'Message',
      children: [
        { name: 'MessageId', text: 'ABC', children: [] },
        { name: 'Empty', text: '', children: [] },
      ],
    },
    { name: 'Message', text: '<&', children: [] },
  ]);
});

test.for([
  ['', 'nothing'],
  ['{}', 'JSON'],
  ['<a><b></a></b>', 'crossed elements'],
  ['<a>', 'an open element'],
  ['</a>', 'a closing tag alone'],
  ['<a/><b/>', 'two roots'],
  ['<a/>text', 'text after the root'],
  ['<a>&nbsp;</a>', 'an unknown entity'],
  ['<a>&constructor;</a>', 'an entity named like a property'],
  ['<a>a & b</a>', 'a bare ampersand'],
  ['<a>&#x110000;</a>', 'a character that does not exist'],
  ['<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'a document type'],
  ['<a b=c/>', 'an attribute without quotes'],
  ['<a', 'half a tag'],
] as const)('%s is refused: %s', ([document], { expect }) => {
  expect(() => parseXml(document)).toThrow(XmlError);
});

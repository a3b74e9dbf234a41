import fc from 'fast-check';
import { test } from 'vitest';
import { readXml, XmlError } from '../../../local/cloud/smq/read-xml.ts';
import { writeXml } from '../../../local/cloud/smq/write-xml.ts';

const read = (text: string) => readXml(Buffer.from(text));

test('elements, attributes, entities, CDATA, comments and a declaration are read', ({ expect }) => {
  const root = read(
    '<?xml version="1.0" encoding="UTF-8"?><!-- c --><Message xmlns="n&amp;s" b=\'1\'>\n' +
      '<Body> a &lt;b&gt; &quot;&apos;&amp; &#65;&#x1F511;</Body><Empty/><C><![CDATA[<&]]></C></Message>\n',
  );
  expect(root.name).toBe('Message');
  expect(Object.fromEntries(root.attributes)).toEqual({ xmlns: 'n&s', b: '1' });
  expect(root.children.map(({ name, text }) => [name, text])).toEqual([
    ['Body', ' a <b> "\'& A🔑'],
    ['Empty', ''],
    ['C', '<&'],
  ]);
});

const MALFORMED = [
  '',
  'text',
  '<a>',
  '<a></b>',
  '</a>',
  '<a><b></a></b>',
  '<a/><b/>',
  '<a/>text',
  '<a>&unknown;</a>',
  '<a>a & b</a>',
  '<a>&#0;</a>',
  '<a>&#xD800;</a>',
  '<a>\u0001</a>',
  '<a>]]></a>',
  '<a b="1" b="2"/>',
  '<a b=1/>',
  '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
  '<a>{"a":"<b> & c"}</a>',
  '<!DOCTYPE a><a/>',
  '<a><?p?></a>',
  '<a b="<"/>',
  '<a b="&unknown;"/>',
  '<a></document><document></a>',
  '<a/></document><document>',
];

for (const text of MALFORMED) {
  test(`${JSON.stringify(text)} is not well-formed`, ({ expect }) => {
    expect(() => read(text)).toThrow(XmlError);
  });
}

test('bytes that are not UTF-8 are not well-formed', ({ expect }) => {
  expect(() => readXml(Buffer.from([0x3c, 0x61, 0x3e, 0xff]))).toThrow(XmlError);
});

test('whatever is written is read back', ({ expect }) => {
  // XML 1.0 carries no control characters but tab, line feed and carriage return.
  const carried = (value: string) => value >= ' ' || '\t\n\r'.includes(value);
  const text = fc
    .array(fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }))
    .map((units) => units.filter((unit) => carried(unit) && !/[\ufffe\uffff]/.test(unit)).join(''));
  fc.assert(
    fc.property(text, (body) => {
      const root = read(writeXml(['Message', [['MessageBody', body]]]));
      expect(root.children[0]?.text).toBe(body);
    }),
  );
});

import { test } from 'vitest';
import { requestSignature, responseSignature } from '../../../local/cloud/tablestore/signature.ts';

test('a request is signed as openssl signs the same text', ({ expect }) => {
  // printf '/PutRow\nPOST\n\nx-ots-accesskeyid:STS.key\nx-ots-apiversion:2015-12-31\n…
  //   x-ots-contentmd5:…\nx-ots-date:…\nx-ots-instancename:latchkey\nx-ots-ststoken:token\n' |
  //   openssl dgst -sha1 -hmac secret -binary | openssl base64
  const signature = requestSignature('secret', '/PutRow', {
    'x-ots-ststoken': 'token',
    'x-ots-date': '2026-11-24T04:00:00.000Z',
    'x-ots-apiversion': '2015-12-31',
    'x-ots-accesskeyid': 'STS.key',
    'x-ots-contentmd5': '1B2M2Y8AsgTpgAmY7PhCfg==',
    'x-ots-instancename': 'latchkey',
    'x-ots-signature': 'never signed',
    'content-type': 'never signed',
  });
  expect(signature).toBe('HaeUBW2ri+R7+N/Q15cJoz305DE=');
});

// Published vectors: https://github.com/GiterLab/goots, protocol_test.go.
const KEY = '8AKqXmNBkl85QK70cAOuH4bBd3gS0J';

test('a request is signed as the published vector has it', ({ expect }) => {
  const signature = requestSignature(KEY, '/ListTable', {
    'x-ots-date': 'Tue, 12 Aug 2014 10:23:03 GMT',
    'x-ots-apiversion': '2014-08-08',
    'x-ots-accesskeyid': '29j2NtzlUr8hjP8b',
    'x-ots-instancename': 'naketest',
    'x-ots-contentmd5': '1B2M2Y8AsgTpgAmY7PhCfg==',
  });
  expect(signature).toBe('4xap392B7EBpN+RmlHgNowjoG1w=');
});

test('an answer is signed as the published vector has it', ({ expect }) => {
  const signature = responseSignature(KEY, '/ListTable', {
    'x-ots-date': 'Tue, 12 Aug 2014 10:23:03 GMT',
    'x-ots-requestid': '0005006c-0e81-db74-4a34-ce0a5df229a1',
    'x-ots-contenttype': 'protocol buffer',
    'x-ots-contentmd5': '1B2M2Y8AsgTpgAmY7PhCfg==',
  });
  expect(signature).toBe('Y24MHhVti5UhSCW5qsUSDvT9SOk=');
});

import { test } from 'vitest';
import { pinnedUrl } from '../../../shared/messengers/pinned-url.ts';

const ORIGIN = 'https://hooks.slack.com';
const PATH = /^\/commands\/./;

test.for([
  ['https://hooks.slack.com/commands/T1/2/x?a=b', 'https://hooks.slack.com/commands/T1/2/x?a=b'],
  ['https://hooks.slack.com:443/commands/x', 'https://hooks.slack.com/commands/x'],
])('%j is an address of the platform', ([text, href], { expect }) => {
  expect(pinnedUrl(text!, ORIGIN, PATH)?.href).toBe(href);
});

test.for([
  'http://hooks.slack.com/commands/x',
  'https://hooks.slack.com:8443/commands/x',
  'https://hooks.slack.com.evil.example/commands/x',
  'https://evil.example/commands/x',
  'https://a:b@hooks.slack.com/commands/x',
  'https://a@hooks.slack.com/commands/x',
  'https://:b@hooks.slack.com/commands/x',
  'https://hooks.slack.com@evil.example/commands/x',
  'https://hooks.slack.com\\@evil.example/commands/x',
  'https://hooks.slack.com\\commands\\x',
  'https://hooks.slack.com/services/x',
  'https://hooks.slack.com/commands/../services/x',
  'https://hooks.slack.com/commands/x#y',
  'https://hooks.slack.com/commands/\u0000x',
  'https://hooks.slack.com/commands/ x',
  'https://ｈooks.slack.com/commands/x',
  'https://169.254.169.254/commands/x',
  'https://100.100.100.200/commands/x',
  `https://hooks.slack.com/commands/${'x'.repeat(2_000)}`,
  '//hooks.slack.com/commands/x',
  'commands/x',
  '',
])('%j is no address to answer to', (text, { expect }) => {
  expect(pinnedUrl(text, ORIGIN, PATH)).toBeUndefined();
});

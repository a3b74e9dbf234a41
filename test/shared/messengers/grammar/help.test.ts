import { readFileSync } from 'node:fs';
import { test } from 'vitest';
import { parseLine } from '../../../../shared/messengers/grammar/grammar.ts';
import { CONDITION_HELP } from '../../../../shared/contract/requests/selector.ts';
import { OPTION_NAMES } from '../../../../shared/domain/chat/request-options.ts';
import { helpCard, optionHelp } from '../../../../shared/messengers/grammar/help.ts';
import { optionForm } from '../../../../shared/messengers/grammar/options.ts';
import { TARGET_WORDS } from '../../../../shared/messengers/grammar/targets.ts';
import { VERB_NAMES, VERBS } from '../../../../shared/messengers/grammar/verbs.ts';

const OWN = { regionId: 'cn-hangzhou' };
const textIn = (about: string | null) => JSON.stringify(helpCard(about));

test('help names every verb, and what else there is help about', ({ expect }) => {
  const text = textIn(null);
  for (const verb of VERB_NAMES) expect(text).toContain(JSON.stringify(VERBS[verb].form));
  expect(text).toContain('help targets, help options');
  expect(helpCard('nonsense')).toEqual(helpCard(null));
  expect(helpCard('constructor')).toEqual(helpCard(null));
});

test.for(VERB_NAMES)('the example of %s is a command of that verb', (verb, { expect }) => {
  const { example, form } = VERBS[verb];
  expect(parseLine(example, OWN).kind).toBe('command');
  expect(example.split(' ')[0]).toBe(verb);
  expect(helpCard(verb)).toMatchObject({ title: form, buttons: [], mention: null });
  expect(textIn(verb)).toContain(JSON.stringify(example));
});

test.for(OPTION_NAMES)('the example of --%s is taken, and help tells of it', (name, { expect }) => {
  const form = optionForm(name).replace('…', '0a'.repeat(32));
  expect(parseLine(`attach ops to i-a ${form}`, OWN)).toMatchObject({ kind: 'command' });
  for (const topic of ['options', 'attach', 'restart', 'plan']) {
    expect(textIn(topic)).toContain(JSON.stringify(optionHelp(name)));
  }
});

test.for([...TARGET_WORDS])('the example of %s is taken', ([word, field], { expect }) => {
  const { example, about } = CONDITION_HELP[field];
  const read = parseLine(`attach ops to ${word} ${example}`, OWN);
  expect(read).toMatchObject({
    command: { request: { selector: { [field]: expect.anything() } } },
  });
  expect(textIn('targets')).toContain(about);
});

test('what docs/chatops.md says can be typed can be typed', ({ expect }) => {
  const page = readFileSync('docs/chatops.md', 'utf8');
  const typed = page.slice(page.indexOf('## What can be typed'));
  const [, block = ''] = /### Examples\n\n```text\n([^`]+)```/.exec(typed) ?? [];
  const examples = block.trim().split('\n');
  expect(examples.length).toBeGreaterThan(5);
  for (const example of examples) {
    expect(parseLine(example, OWN), example).toMatchObject({ kind: 'command' });
  }
  for (const verb of VERB_NAMES) expect(typed).toContain(`| \`${verb}`);
  for (const name of OPTION_NAMES) expect(typed).toContain(`| \`--${name}`);
});

test('docs/chatops.md and help name the defaults of a bare request', ({ expect }) => {
  const page = readFileSync('docs/chatops.md', 'utf8');
  const usual = [
    'max-unavailable 10%',
    'ramp doubling',
    'halt-after 1',
    'bake 1m',
    'ready-timeout 5m',
    'attach now',
  ];
  const line = usual.map((option) => `--${option}`).join(' ');
  expect(parseLine(`attach ops to i-a ${line}`, OWN)).toEqual(parseLine('attach ops to i-a', OWN));
  expect(textIn('options')).toContain(line);
  for (const option of usual) {
    const [name, value = ''] = option.split(' ');
    const shown = value === '1m' ? '60s' : value;
    expect(page).toMatch(new RegExp(`\\| \`--${name}[^|]*\\| \`${shown}\``));
  }
});

import { beforeAll, test } from 'vitest';
import { parse } from 'yaml';
import { compilePattern, type Pattern } from '../../local/cloud/eventbridge/pattern.ts';
import { FAKE_ACCOUNT_ID, HIDDEN, renderSYaml, type Rendered } from '../../tools/preview.ts';
import { readManifest, readSample } from '../../tools/samples.ts';
import { fc3Validator, type Trigger } from './fc3-schema.ts';
import { brokenRules } from './rules.ts';

interface Props {
  readonly environmentVariables: Readonly<Record<string, string>>;
  readonly triggers: readonly Trigger[];
}
interface SYaml {
  readonly resources: Readonly<Record<string, { readonly props: Props }>>;
}

let rendered: Rendered;
const document = () => parse(rendered.yaml) as SYaml;

beforeAll(async () => {
  rendered = await renderSYaml({ accountId: FAKE_ACCOUNT_ID });
  // Two whole processes, on a machine that may have other work.
}, 60_000);

test('Serverless Devs renders s.yaml offline and leaves no variable open', ({ expect }) => {
  expect(rendered.messages).not.toMatch(/error/i);
  expect(rendered.exitCode).toBe(0);
  expect(rendered.yaml).not.toContain('${');
  expect(rendered.yaml).toContain(`acs:ram::${FAKE_ACCOUNT_ID}:role/latchkey-attach`);
});

test('a preview shows no secret', ({ expect }) => {
  const { attach } = document().resources;
  expect(attach?.props.environmentVariables['WEBHOOK_SECRETS']).toBe(HIDDEN);
});

test('s.yaml keeps every rule that we rely on', ({ expect }) => {
  expect(brokenRules(document())).toEqual([]);
});

test('what breaks a rule is seen, and where', ({ expect }) => {
  const broken = (from: string, to: string) => {
    expect(rendered.yaml).toContain(from);
    return brokenRules(parse(rendered.yaml.replace(from, to))).join('\n');
  };

  expect(broken('role/latchkey-restart', 'role/Latchkey-Restart')).toContain(
    'resources.restart.props.role',
  );
  expect(broken('errorsTolerance: ALL', 'errorsTolerance: NONE')).toContain('errorsTolerance');
  expect(broken('CountBasedWindow: 100', 'CountBasedWindow: 10001')).toContain('batchWindow');
  expect(broken('authType: anonymous', 'authType: none')).toContain('authType');
  expect(broken("eventRuleFilterPattern: '{}'", "eventRuleFilterPattern: '{'")).toContain(
    'eventRuleFilterPattern',
  );
  expect(broken('memorySize: 512', 'memorysize: 512')).toContain('memorysize');
  expect(broken('IsBase64Decode: true', 'IsBase64Decode: false')).toContain('IsBase64Decode');
});

test("fc3's schema takes every function, and each trigger by its own definition", ({ expect }) => {
  const faults = fc3Validator();
  // The schema is not ours to copy; in a clone without it, our own rules above are what is left.
  if (faults === undefined) return;

  for (const [name, { props }] of Object.entries(document().resources)) {
    expect(faults(props), name).toEqual([]);
    for (const trigger of props.triggers) {
      const [key] = Object.keys(trigger.triggerConfig);
      const { [key!]: _, ...rest } = trigger.triggerConfig;
      expect(faults({ ...props, triggers: [{ ...trigger, triggerConfig: rest }] })).not.toEqual([]);
    }
    expect(faults({ ...props, runtime: 'nodejs22' } as Props)).not.toEqual([]);
  }
});

/** The samples of events/ that a rule's pattern lets through. */
async function taken(resource: string, trigger: string): Promise<string[]> {
  const triggers = document().resources[resource]?.props.triggers ?? [];
  const config = triggers.find(({ triggerName }) => triggerName === trigger)?.triggerConfig;
  const wants: Pattern = compilePattern(JSON.parse(String(config?.['eventRuleFilterPattern'])));
  const files: string[] = [];
  for (const { file, trigger: door } of await readManifest()) {
    if (door !== 'eventbridge') continue;
    if (wants(JSON.parse((await readSample(file)).toString('utf8')))) files.push(file);
  }
  return files.toSorted();
}

test('the rules of launch take every launch, and no failed call, no other call and none of ours', async ({
  expect,
}) => {
  expect(await taken('launch', 'launched')).toEqual([
    'launch-create-instance.json',
    'launch-run-instances-api-call.json',
    'launch-run-instances-assumed-role.json',
    'launch-run-instances-console.json',
    'launch-short-resource-names.json',
    'launch-without-response-elements.json',
  ]);
  expect(await taken('launch', 'created')).toEqual(['launch-state-change-created.json']);
  expect(await taken('launch', 'scaled')).toEqual(['launch-scale-out.json']);
});

test('the state rule takes what may be evidence of a restart, and no Running', async ({
  expect,
}) => {
  expect(await taken('restart', 'state')).toEqual(['state-change-stopping.json']);
});

import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { destinationOfArn } from './arn.ts';
import type { AsyncConfig, Entry, FunctionConfig, Hook } from './configuration.ts';
import { ConfigError } from './config-error.ts';
import { Fields } from './fields.ts';
import { listedTrigger, readTrigger } from './read-trigger.ts';
import { resolveVariables, type VariableSources } from './variables.ts';

/** 1-64 characters: `CreateFunctionInput.functionName` of @alicloud/fc20230330. */
const FUNCTION_NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;
/** https://help.aliyun.com/zh/functioncompute/fc/product-overview/limits-of-usage */
const MAX_TIMEOUT_SEC = 86_400;
const MAX_TRIGGERS = 50;
/** Longest time of the two hooks, from the same page. Their default is the API's default for functions. */
const MAX_INITIALIZER_SEC = 300;
const MAX_PRE_STOP_SEC = 90;
/** `CreateFunctionInput.timeout` of @alicloud/fc20230330. */
const DEFAULT_TIMEOUT_SEC = 3;

/**
 * The functions of an `s.yaml`, in its order.
 *
 * @throws {ConfigError} for anything that cannot be carried out; the message names the place
 */
export function readServerlessYaml(sources: VariableSources): FunctionConfig[] {
  const document = parseDocument(readText(sources.sYamlPath), { merge: true });
  const problem = document.errors[0];
  if (problem !== undefined) throw new ConfigError('', problem.message.trimEnd());
  const top = new Fields(resolveVariables(document.toJS(), sources), '');
  top.ignore('edition', 'name', 'access', 'vars', 'template', 'extend', 'flow', 'env', 'actions');
  const resources = top.needed('resources');
  top.done();

  const names = Object.keys(top.raw('resources') as object);
  const functions = names.map((name) => readResource(name, resources.needed(name), sources));
  const seen = new Set<string>();
  for (const { resource, functionName } of functions) {
    if (seen.has(functionName)) {
      throw new ConfigError(`resources.${resource}.props.functionName`, 'is already taken');
    }
    seen.add(functionName);
  }
  return functions;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Error(`Cannot read "${path}": ${(cause as Error).message}`, { cause });
  }
}

function readResource(
  resource: string,
  fields: Fields,
  { sYamlPath }: VariableSources,
): FunctionConfig {
  fields.oneOf('component', ['fc3']);
  fields.ignore('actions', 'access', 'extend');
  const props = fields.needed('props');
  fields.done();
  props.ignore('region', 'description', 'logConfig', 'cpu', 'diskSize', 'internetAccess');
  props.ignore('vpcConfig', 'tags', 'tracingConfig', 'disableOndemand', 'resourceGroupId');
  // fc3's schema ends at nodejs20, too. Older runtimes need another Node than the one that runs here.
  props.oneOf('runtime', ['nodejs20', 'nodejs18']);
  const functionName = props.text('functionName');
  if (!FUNCTION_NAME.test(functionName)) {
    throw new ConfigError(props.at('functionName'), `"${functionName}" is not a valid name`);
  }
  const memoryMb = props.whole('memorySize', 128, 32_768, 512);
  if (memoryMb % 64 !== 0)
    throw new ConfigError(props.at('memorySize'), 'must be a multiple of 64');
  const lifecycle = props.inner('instanceLifecycleConfig');
  const concurrency = props.inner('concurrencyConfig');
  const triggers = props.list('triggers');
  if (triggers.length > MAX_TRIGGERS) {
    throw new ConfigError(props.at('triggers'), `has more than ${MAX_TRIGGERS} elements`);
  }
  const config: FunctionConfig = {
    resource,
    functionName,
    roleName: props.text('role', undefined)?.split('/').at(-1) ?? functionName,
    handler: readEntry(props, 'handler'),
    codeFolder: resolve(dirname(sYamlPath), props.text('code')),
    timeoutSec: props.whole('timeout', 1, MAX_TIMEOUT_SEC, DEFAULT_TIMEOUT_SEC),
    memoryMb,
    environment: readEnvironment(props.inner('environmentVariables')),
    initializer: readHook(lifecycle?.inner('initializer'), MAX_INITIALIZER_SEC),
    preStop: readHook(lifecycle?.inner('preStop'), MAX_PRE_STOP_SEC),
    async: readAsync(props.inner('asyncInvokeConfig')),
    reservedConcurrency: concurrency?.whole('reservedConcurrency', 1, 300),
    triggers: triggers.map((each, i) =>
      readTrigger(new Fields(each, `${props.at('triggers')}[${i}]`)),
    ),
    listed: triggers.map((each) => listedTrigger(each)),
  };
  lifecycle?.done();
  concurrency?.done();
  props.done();
  oneEach(config, props.at('triggers'));
  return config;
}

function oneEach({ triggers }: FunctionConfig, place: string): void {
  const names = triggers.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new ConfigError(place, `has two triggers named "${twice}"`);
  // https://help.aliyun.com/zh/functioncompute/fc/user-guide/web-functions
  if (triggers.filter(({ kind }) => kind === 'http').length > 1) {
    throw new ConfigError(place, 'has two http triggers: the limit is one');
  }
}

function readEntry(fields: Fields, name: string): Entry {
  const text = fields.text(name);
  const dot = text.lastIndexOf('.');
  if (dot < 1 || dot === text.length - 1 || basename(text) !== text) {
    throw new ConfigError(fields.at(name), 'must be <file>.<export>');
  }
  return { file: text.slice(0, dot), name: text.slice(dot + 1) };
}

function readHook(fields: Fields | undefined, maxSec: number): Hook | undefined {
  if (fields === undefined) return undefined;
  const entry = readEntry(fields, 'handler');
  const timeoutSec = fields.whole('timeout', 1, maxSec, DEFAULT_TIMEOUT_SEC);
  fields.done();
  return { entry, timeoutSec };
}

function readEnvironment(fields: Fields | undefined): Record<string, string> {
  const environment: Record<string, string> = {};
  if (fields === undefined) return environment;
  for (const [name, value] of Object.entries(fields.all())) {
    if (typeof value === 'string') environment[name] = value;
    else if (typeof value === 'number' || typeof value === 'boolean') {
      environment[name] = String(value);
    } else throw new ConfigError(fields.at(name), 'must be a string');
  }
  return environment;
}

/** 0..8 retries, 3 by default, and a day: `PutAsyncInvokeConfigInput` of @alicloud/fc20230330. */
function readAsync(fields: Fields | undefined): AsyncConfig {
  if (fields?.flag('asyncTask', false) === true) {
    throw new ConfigError(fields.at('asyncTask'), 'is not emulated');
  }
  const destinations = fields?.inner('destinationConfig');
  const to = (name: 'onSuccess' | 'onFailure') => {
    const inner = destinations?.inner(name);
    const arn = inner?.text('destination');
    inner?.done();
    return arn === undefined ? undefined : destinationOfArn(arn, inner!.at('destination'));
  };
  const config: AsyncConfig = {
    maxRetries: fields?.whole('maxAsyncRetryAttempts', 0, 8, 3) ?? 3,
    maxAgeSec: fields?.whole('maxAsyncEventAgeInSeconds', 1, 604_800, 86_400) ?? 86_400,
    onSuccess: to('onSuccess'),
    onFailure: to('onFailure'),
  };
  destinations?.done();
  fields?.done();
  return config;
}

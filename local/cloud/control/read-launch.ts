import type { LaunchCall, Launcher } from '../ecs/index.ts';

const ACTIONS = ['RunInstances', 'CreateInstance'] as const;
const FIELDS: ReadonlySet<string> = new Set(['action', 'by', 'parameters']);
/** The fields that identify each kind of caller. */
const LAUNCHERS: Readonly<Record<Launcher['kind'], readonly string[]>> = {
  console: ['userName'],
  root: [],
  'ram-user': ['userName'],
  'assumed-role': ['roleName', 'sessionName'],
};

/** The body of `POST /launch`, or what is wrong with it. */
export function readLaunch(value: unknown): LaunchCall | string {
  if (!isMap(value)) return 'the body is not an object';
  const unknown = Object.keys(value).find((name) => !FIELDS.has(name));
  if (unknown !== undefined) return `unknown field "${unknown}"`;
  const { action = 'RunInstances', by = { kind: 'console', userName: 'console-user' } } = value;
  const known = ACTIONS.find((name) => name === action);
  if (known === undefined) return `"action" must be one of ${ACTIONS.join(', ')}`;
  const launcher = readLauncher(by);
  if (typeof launcher === 'string') return launcher;
  const { parameters } = value;
  if (!isMap(parameters)) return '"parameters" must be an object';
  const texts: Record<string, string> = {};
  for (const [name, parameter] of Object.entries(parameters)) {
    if (!['string', 'number', 'boolean'].includes(typeof parameter)) {
      return `"parameters.${name}" must be a text, a number or true or false`;
    }
    texts[name] = String(parameter);
  }
  return { action: known, by: launcher, parameters: texts };
}

function readLauncher(by: unknown): Launcher | string {
  const kinds = Object.keys(LAUNCHERS).join(', ');
  if (!isMap(by) || typeof by['kind'] !== 'string' || !Object.hasOwn(LAUNCHERS, by['kind'])) {
    return `"by.kind" must be one of ${kinds}`;
  }
  const names = LAUNCHERS[by['kind'] as Launcher['kind']];
  const missing = names.find((name) => typeof by[name] !== 'string' || by[name] === '');
  if (missing !== undefined) return `"by.${missing}" must be a text`;
  const unknown = Object.keys(by).find((name) => name !== 'kind' && !names.includes(name));
  return unknown === undefined ? (by as unknown as Launcher) : `unknown field "by.${unknown}"`;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

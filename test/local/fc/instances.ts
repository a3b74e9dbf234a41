import { readFileSync } from 'node:fs';
import type { FunctionCompute } from '../../../local/cloud/fc/index.ts';

interface InstanceState {
  readonly instanceId: string;
  readonly pid: number;
  readonly status: 'busy' | 'frozen';
  readonly invocations: number;
}

/** The instances of a fixture as `GET /state` shows them. */
export function instancesOf(fc: FunctionCompute, name: string): readonly InstanceState[] {
  const { functions } = fc.state() as {
    functions: Record<string, { instances: readonly InstanceState[] }>;
  };
  return functions[`fixture-${name}`]!.instances;
}

/** `T` is a stopped process: proc(5). Undefined when there is none. */
export function processState(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[0];
  } catch {
    return undefined;
  }
}

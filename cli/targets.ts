import { INSTANCE_ID } from '../shared/contract/names.ts';
import { usageError } from './exit.ts';
import type { Flags } from './flags.ts';
import type { Io, NamedId } from './io.ts';
import { readFile } from './read-argument.ts';
import { CONDITION_FLAGS, CONDITIONS, valuesOf } from './request-flags.ts';

export type Targets =
  | { readonly kind: 'ids'; readonly ids: readonly NamedId[] }
  | { readonly kind: 'selector'; readonly selector: Readonly<Record<string, unknown>> };

/**
 * Reads the targets: either ids (as arguments, in a file or on standard input as `-`) or a selector.
 *
 * @throws {CliError} `usage` when there is neither or both, and for a malformed id
 */
export async function targetsOf(
  args: readonly string[],
  flags: Flags,
  io: Pick<Io, 'readInput'>,
): Promise<Targets> {
  const selector = selectorOf(flags);
  const ids = await idsOf(args, flags.file, io);
  if (selector !== undefined && ids !== undefined) {
    throw usageError(
      'Cannot use ids and conditions together: either name instances or select them',
    );
  }
  if (ids !== undefined) return { kind: 'ids', ids };
  if (selector !== undefined) return { kind: 'selector', selector };
  throw usageError(
    'Cannot choose instances: none is named',
    'name them as arguments, with --file ids.txt, or - for standard input',
    `or select them: ${Object.values(CONDITION_FLAGS).join(' ')}`,
  );
}

/**
 * @returns each id once; undefined when neither arguments nor a file name any
 * @throws {CliError} `usage` for a malformed id, and for a file without ids
 */
export async function idsOf(
  args: readonly string[],
  file: string | undefined,
  { readInput }: Pick<Io, 'readInput'>,
): Promise<NamedId[] | undefined> {
  if (args.length === 0 && file === undefined) return undefined;
  const ids: NamedId[] = [];
  const add = (named: readonly NamedId[]) => ids.push(...named);
  for (const [index, text] of args.entries()) {
    if (text === '-') add(idLines(await readInput(), 'standard input'));
    else add([{ instanceId: text, from: `id ${index + 1}` }]);
  }
  if (file === '-') add(idLines(await readInput(), 'standard input'));
  else if (file !== undefined) add(idLines(readFile('ids', file).toString('utf8'), file));
  const wrong = ids.find(({ instanceId }) => !INSTANCE_ID.test(instanceId));
  if (wrong !== undefined) {
    const state = `${wrong.from} is no instance id, such as "i-bp67acfmxazb4p"`;
    throw usageError(`Cannot use "${wrong.instanceId}": ${state}`);
  }
  if (ids.length === 0) throw usageError(`Cannot use "${file ?? '-'}": it holds no ids`);
  const seen = new Set<string>();
  return ids.filter(({ instanceId }) => !seen.has(instanceId) && seen.add(instanceId));
}

/** One id a line. `#` begins a comment. */
function idLines(text: string, file: string): NamedId[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  return lines.flatMap((line, index) => {
    const instanceId = line.replace(/#.*$/, '').trim();
    return instanceId === '' ? [] : [{ instanceId, from: `line ${index + 1} of ${file}` }];
  });
}

function selectorOf(flags: Flags): Record<string, unknown> | undefined {
  const conditions = valuesOf(CONDITIONS, flags);
  if (flags.tag !== undefined) conditions.set('tags', tagsOf(flags.tag));
  return conditions.size === 0 ? undefined : Object.fromEntries(conditions);
}

function tagsOf(texts: readonly string[]): Record<string, string> {
  const tags = new Map<string, string>();
  for (const text of texts) {
    const at = text.indexOf('=');
    if (at < 1) throw usageError(`Cannot use --tag "${text}": must be key=value`);
    const key = text.slice(0, at);
    if (tags.has(key)) throw usageError(`Cannot use --tag "${text}": "${key}" is given twice`);
    tags.set(key, text.slice(at + 1));
  }
  return Object.fromEntries(tags);
}

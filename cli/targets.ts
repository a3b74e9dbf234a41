import { readFileSync } from 'node:fs';
import { INSTANCE_ID } from '../shared/contract/names.ts';
import { usageError } from './exit.ts';
import type { Io } from './io.ts';
import { CONDITION_FLAGS, valuesOf } from './request-flags.ts';

/** The flags that name instances, and those of `CONDITION_FLAGS`, which are read from that table. */
export interface TargetFlags {
  readonly file?: string;
  readonly tag?: readonly string[];
}

/** An id, and where it was given: `id 2`, `line 3 of ids.txt`. */
export interface NamedId {
  readonly instanceId: string;
  readonly from: string;
}

export type Targets =
  | { readonly kind: 'ids'; readonly ids: readonly NamedId[] }
  | { readonly kind: 'selector'; readonly selector: Readonly<Record<string, unknown>> };

/**
 * Which instances are meant: ids as arguments, in a file or on standard input (`-`), or what they have in
 * common.
 *
 * @throws {CliError} `usage` for none, for both kinds, and for ids that cannot be ones
 */
export async function targetsOf(
  args: readonly string[],
  flags: TargetFlags,
  io: Pick<Io, 'readInput'>,
): Promise<Targets> {
  const selector = selectorOf(flags);
  const ids = await idsOf(args, flags.file, io);
  if (selector === undefined) {
    if (ids === undefined) throw noTargets();
    return { kind: 'ids', ids };
  }
  if (ids === undefined) return { kind: 'selector', selector };
  throw usageError('Cannot use ids and conditions together: either name instances or select them');
}

/** @returns undefined when nothing names any */
export async function idsOf(
  args: readonly string[],
  file: string | undefined,
  { readInput }: Pick<Io, 'readInput'>,
): Promise<NamedId[] | undefined> {
  const ids: NamedId[] = [];
  const add = (named: readonly NamedId[]) => ids.push(...named);
  for (const [index, text] of args.entries()) {
    if (text === '-') add(linesOf(await readInput(), 'standard input'));
    else add([{ instanceId: text, from: `id ${index + 1}` }]);
  }
  if (file === '-') add(linesOf(await readInput(), 'standard input'));
  else if (file !== undefined) add(linesOf(readIdFile(file), file));
  if (args.length === 0 && file === undefined) return undefined;
  const wrong = ids.find(({ instanceId }) => !INSTANCE_ID.test(instanceId));
  if (wrong !== undefined) {
    const state = `${wrong.from} is no instance id, such as "i-bp67acfmxazb4p"`;
    throw usageError(`Cannot use "${wrong.instanceId}": ${state}`);
  }
  if (ids.length === 0) throw usageError(`Cannot use "${file ?? '-'}": no ids are in it`);
  const seen = new Set<string>();
  return ids.filter(({ instanceId }) => !seen.has(instanceId) && seen.add(instanceId));
}

/** One id a line; what follows a `#` is a comment. */
function linesOf(text: string, file: string): NamedId[] {
  return text.split(/\r\n|\n|\r/).flatMap((line, index) => {
    const instanceId = line.replace(/#.*$/, '').trim();
    return instanceId === '' ? [] : [{ instanceId, from: `line ${index + 1} of ${file}` }];
  });
}

function readIdFile(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw usageError(`Cannot read "${file}": ${code ?? 'not readable'}`);
  }
}

function selectorOf(flags: TargetFlags): Record<string, unknown> | undefined {
  const conditions = valuesOf(CONDITION_FLAGS, flags);
  if (flags.tag !== undefined) conditions.set('tags', tagsOf(flags.tag));
  return conditions.size === 0 ? undefined : Object.fromEntries(conditions);
}

function tagsOf(texts: readonly string[]): Record<string, string> {
  const tags = new Map<string, string>();
  for (const text of texts) {
    const at = text.indexOf('=');
    if (at < 1) throw usageError(`Cannot use --tag "${text}": must be key=value`);
    const key = text.slice(0, at);
    if (tags.has(key)) throw usageError(`Cannot use --tag "${text}": "${key}" is there already`);
    tags.set(key, text.slice(at + 1));
  }
  return Object.fromEntries(tags);
}

function noTargets() {
  return usageError(
    'Cannot tell which instances are meant: none is named',
    'name them as arguments, with --file ids.txt, or - for standard input',
    `or select them: ${Object.values(CONDITION_FLAGS).join(' ')}`,
  );
}

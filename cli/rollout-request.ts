import { LIMITS } from '../shared/contract/requests/rollout-request.ts';
import { usageError } from './exit.ts';
import type { Flags } from './flags.ts';
import type { NamedId } from './io.ts';
import { CONDITIONS, REQUEST, valuesOf } from './request-flags.ts';
import type { Targets } from './targets.ts';

/** The body of `POST /rollouts` (docs/http.md). It holds only the given flags, so that the service's defaults apply. */
export function requestBody(
  about: { readonly regionId: string; readonly keyPairName: string },
  targets: Targets,
  flags: Flags,
): Record<string, unknown> {
  const instances =
    targets.kind === 'ids'
      ? { instanceIds: targets.ids.map(({ instanceId }) => instanceId) }
      : { selector: targets.selector };
  return { ...about, ...instances, ...requestOptions(flags) };
}

/** The fields of a request that say what is done. */
export function requestOptions(flags: Flags): Record<string, unknown> {
  const fields = [...valuesOf(REQUEST, flags)].map(([field, value]) => [
    field,
    field in LIMITS ? wholeNumber(REQUEST.get(field)!.long!, String(value)) : value,
  ]);
  return { restart: 'auto', ...Object.fromEntries(fields) };
}

function wholeNumber(flag: string, text: string): number {
  if (/^[0-9]{1,9}$/.test(text)) return Number(text);
  throw usageError(`Cannot use ${flag} "${text}": must be a whole number`);
}

/** The flag or argument of each field, by JSON pointer. `flagOf` looks up single ids and tags. */
const FLAGS: ReadonlyMap<string, string> = new Map([
  ...[...REQUEST].map(([field, { long }]) => [`/${field}`, long!] as const),
  ...[...CONDITIONS].map(([field, { long }]) => [`/selector/${field}`, long!] as const),
  ['/regionId', '--region'],
  ['/keyPairName', 'KEY_PAIR'],
  ['/instanceIds', 'the ids'],
  ['/selector', 'the conditions'],
  ['/expectedPlanDigest', '--expect'],
  ['/reason', 'REASON'],
  ['/planDigest', '--digest'],
  ['/as', 'retry or skip'],
  ['/rolloutId', 'ROLLOUT'],
  ['/limit', '--limit'],
  ['/after', '--after'],
]);

/** The flag, argument or id that a JSON pointer refers to; the pointer itself when none is known. */
export function flagOf(pointer: string, ids: readonly NamedId[] = []): string {
  const [, index] = /^\/instanceIds\/([0-9]+)$/.exec(pointer) ?? [];
  const named = index === undefined ? undefined : ids[Number(index)];
  if (named !== undefined) return `"${named.instanceId}" (${named.from})`;
  const [, tag] = /^\/selector\/tags\/(.*)$/.exec(pointer) ?? [];
  if (tag !== undefined) return `--tag ${tag.replaceAll('~1', '/').replaceAll('~0', '~')}`;
  return FLAGS.get(pointer) ?? pointer;
}

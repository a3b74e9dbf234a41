import { usageError } from './exit.ts';
import type { NamedId } from './named-id.ts';
import type { Targets } from './targets.ts';

/** The flags of a request, as commander reads them. Texts are as typed. */
export interface RequestFlags {
  readonly restart?: string;
  readonly startStopped?: true;
  readonly restartAlreadyAttached?: true;
  readonly attachMode?: string;
  readonly maxUnavailable?: string;
  readonly ramp?: string;
  readonly groupBy?: string;
  readonly haltAfterFailures?: string;
  readonly bakeSeconds?: string;
  readonly readyTimeoutSeconds?: string;
  readonly approveWithinSeconds?: string;
  readonly breakGlass?: string;
  readonly note?: string;
}

/** The body of `POST /rollouts` (docs/http.md). It holds only the given flags, so that the service's defaults apply. */
export function requestBody(
  about: { readonly regionId: string; readonly keyPairName: string },
  targets: Targets,
  flags: RequestFlags,
): Record<string, unknown> {
  const { attachMode, restart = 'auto', ...others } = flags;
  const fields = {
    restart,
    startStopped: others.startStopped,
    restartAlreadyAttached: others.restartAlreadyAttached,
    attach: attachMode,
    maxUnavailable: others.maxUnavailable,
    ramp: others.ramp,
    groupBy: others.groupBy,
    haltAfterFailures: wholeNumber('--halt-after-failures', others.haltAfterFailures),
    bakeSeconds: wholeNumber('--bake-seconds', others.bakeSeconds),
    readyTimeoutSeconds: wholeNumber('--ready-timeout-seconds', others.readyTimeoutSeconds),
    approveWithinSeconds: wholeNumber('--approve-within-seconds', others.approveWithinSeconds),
    breakGlass: others.breakGlass,
    note: others.note,
  };
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return { ...about, ...targetFields(targets), ...Object.fromEntries(given) };
}

function targetFields(targets: Targets): Record<string, unknown> {
  switch (targets.kind) {
    case 'ids':
      return { instanceIds: targets.ids.map(({ instanceId }) => instanceId) };
    case 'selector':
      return { selector: targets.selector };
  }
}

function wholeNumber(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[0-9]{1,9}$/.test(text)) return Number(text);
  throw usageError(`Cannot use ${flag} "${text}": must be a whole number`);
}

/** The flag or argument that sets each field of a request. */
const FLAGS: Readonly<Record<string, string>> = {
  '/regionId': '--region',
  '/keyPairName': 'KEY_PAIR',
  '/instanceIds': 'the ids',
  '/selector': 'the conditions',
  '/selector/tags': '--tag',
  '/selector/keyPairName': '--key-pair',
  '/selector/zoneId': '--zone',
  '/selector/vpcId': '--vpc',
  '/selector/resourceGroupId': '--resource-group',
  '/selector/namePrefix': '--name-prefix',
  '/restart': '--restart',
  '/startStopped': '--start-stopped',
  '/restartAlreadyAttached': '--restart-already-attached',
  '/attach': '--attach-mode',
  '/maxUnavailable': '--max-unavailable',
  '/ramp': '--ramp',
  '/groupBy': '--group-by',
  '/haltAfterFailures': '--halt-after-failures',
  '/bakeSeconds': '--bake-seconds',
  '/readyTimeoutSeconds': '--ready-timeout-seconds',
  '/approveWithinSeconds': '--approve-within-seconds',
  '/breakGlass': '--break-glass',
  '/expectedPlanDigest': '--expect',
  '/note': '--note',
  '/reason': 'REASON',
  '/planDigest': '--digest',
  '/as': 'retry or skip',
  '/rolloutId': 'ROLLOUT',
  '/limit': '--limit',
  '/after': '--after',
};

/** The flag, argument or id that a JSON pointer refers to; the pointer itself when none is known. */
export function flagOf(pointer: string, ids: readonly NamedId[] = []): string {
  const [, index] = /^\/instanceIds\/([0-9]+)$/.exec(pointer) ?? [];
  const named = index === undefined ? undefined : ids[Number(index)];
  if (named !== undefined) return `"${named.instanceId}" (${named.from})`;
  const [, tag] = /^\/selector\/tags\/(.*)$/.exec(pointer) ?? [];
  if (tag !== undefined) return `--tag ${tag.replaceAll('~1', '/').replaceAll('~0', '~')}`;
  return FLAGS[pointer] ?? pointer;
}

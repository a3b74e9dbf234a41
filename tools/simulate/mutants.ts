/** A mistake that somebody could make: one guard of the code is taken out. */
export interface Mutant {
  readonly name: string;
  /** The promise that it breaks. */
  readonly guard: string;
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
}

const CARRY_OUT = 'shared/domain/rollouts/carry-out.ts';
const STEP = 'shared/domain/workflow/step.ts';
const PACING = 'shared/domain/workflow/pacing.ts';
const WAVES = 'shared/domain/workflow/waves.ts';
const RESTARTING = 'shared/domain/workflow/restarting.ts';
const ASK = 'shared/domain/rollouts/ask.ts';
const START = 'shared/domain/rollouts/start.ts';
const CONTROL = 'shared/domain/workflow/control.ts';
const APPROVAL = 'shared/domain/workflow/approval.ts';
const DROP = 'shared/domain/workflow/draft.ts';
const OPT_OUT = 'shared/domain/policy/opt-out.ts';

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'claim saved first',
    guard: 'A restart is claimed, and the claim saved, before it is called',
    file: CARRY_OUT,
    find: `      const saved = await ports.rollouts.save(rollout, after);`,
    replace: `      const early = emitted.filter(({ kind }) => kind === 'restart');
      await perform(after, early, ports, invocation);
      const saved = await ports.rollouts.save(rollout, after);`,
  },
  {
    name: 'version check',
    guard: 'After a refused save, everything is decided again on the new version',
    file: CARRY_OUT,
    find: `if (saved === 'conflict') {`,
    replace: `if (saved === 'conflict' && conflicts < 0) {`,
  },
  {
    name: 'slow owner',
    guard: 'A claim without an answer is left alone until its invocation is certainly over',
    file: RESTARTING,
    find: `const { nowMs: atMs, ownerUntilMs: untilMs } = draft.moment;`,
    replace: `const { nowMs: atMs, nowMs: untilMs } = draft.moment;`,
  },
  {
    name: 'evidence rule',
    guard: 'A claim without an answer is settled by evidence only',
    file: RESTARTING,
    find: `return status === 'Running' ? undefined : lookedAtMs;`,
    replace: `return lookedAtMs;`,
  },
  {
    name: 'unknown is final',
    guard: 'A restart that may have happened is repeated only when a person says so',
    file: RESTARTING,
    find: `    return { kind: 'unknown', how, attempt, atMs: moment.nowMs, code, runningAtMs };`,
    replace: `    return { kind: 'due', how, attempt, notBeforeMs: moment.nowMs, reason: code };`,
  },
  {
    name: 'lost is not refused',
    guard: 'A call without an answer may have taken effect',
    file: RESTARTING,
    find: `if (error.traits.certainty === 'maybe-done') return undefined;`,
    replace: ``,
  },
  {
    name: 'two reads',
    guard: 'The first Running status may be from before the restart',
    file: RESTARTING,
    find: `  if (runningAtMs === null) {`,
    replace: `  if (runningAtMs === null && moment.nowMs < 0) {`,
  },
  {
    name: 'wave limit',
    guard: 'Never more than maxUnavailable at once',
    file: WAVES,
    find: `  return Math.max(1, limit);`,
    replace: `  return Math.max(1_000, limit);`,
  },
  {
    name: 'canary',
    guard: 'The first wave is one instance, and each wave is at most twice the one before',
    file: WAVES,
    find: `  return ramp === 'canary' ? 1 : 2 ** Math.min(wave - 1, 30);`,
    replace: `  return 1_000;`,
  },
  {
    name: 'wave is over',
    guard: 'A wave starts when the one before is over',
    file: WAVES,
    find: `  if (instances.some(isUnderWay)) return { kind: 'under-way' };`,
    replace: ``,
  },
  {
    name: 'bake time',
    guard: 'A wave starts when the one before has stayed ready for bakeSeconds',
    file: WAVES,
    find: `  if (wave > 0 && nowMs < bakedAtMs) return { kind: 'wait', why: 'bake', untilMs: bakedAtMs };`,
    replace: ``,
  },
  {
    name: 'zone by zone',
    guard: 'A wave is one zone at a time',
    file: WAVES,
    find: `candidates.filter((index) => instances[index]!.zoneId === zone);`,
    replace: `candidates;`,
  },
  {
    name: 'group limit',
    guard: 'maxUnavailable also limits each group, and counts the whole group',
    file: WAVES,
    find: `if (groupCost > 0 && free < groupCost) {`,
    replace: `if (groupCost > 1) {`,
  },
  {
    name: 'whole group',
    guard: 'All members of a group that are down count, for whatever reason',
    file: CARRY_OUT,
    find: `    if (status !== 'Running') group.down.add(instanceId);`,
    replace: ``,
  },
  {
    name: 'halt',
    guard: 'Nothing more is restarted after haltAfterFailures',
    file: PACING,
    find: `  if (failures < request.haltAfterFailures) return;`,
    replace: `  if (failures < 1_000) return;`,
  },
  {
    name: 'canary halts',
    guard: 'A failed canary halts, whatever the budget',
    file: PACING,
    find: `    return halt(draft, \`the canary \${canary.instanceId} failed\`);`,
    replace: ``,
  },
  {
    name: 'pause',
    guard: 'Nothing is restarted while the rollout is paused or halted',
    file: PACING,
    find: `      return { why: control.kind, untilMs: null };`,
    replace: `      return undefined;`,
  },
  {
    name: 'abort',
    guard: 'Nothing begins after an abort, and what did not begin is marked as dropped',
    file: DROP,
    find: `    } else if (restart.kind === 'due') {`,
    replace: `    } else if (restart.kind === 'due' && restart.attempt > 1_000) {`,
  },
  {
    name: 'window',
    guard: 'Nothing is restarted outside the window, or in a freeze',
    file: PACING,
    find: `rollout.request.breakGlass !== null || moment.schedule.kind === 'open'`,
    replace: `moment.nowMs > 0`,
  },
  {
    name: 'stop',
    guard: 'Nothing is restarted after a global stop',
    file: PACING,
    find: `  if (event.stop !== null) return`,
    replace: `  if (event.stop !== null && event.atMs < 0) return`,
  },
  {
    name: 'health gate',
    guard: 'The health gate must say go',
    file: PACING,
    find: `  if (event.gate.answer === 'wait') {`,
    replace: `  if (event.gate.answer === 'wait' && event.atMs < 0) {`,
  },
  {
    name: 'approval',
    guard: 'An approval is for the plan that was shown',
    file: CONTROL,
    find: `      if (command.planDigest !== rollout.planDigest) return`,
    replace: `      if (command.planDigest === '') return`,
  },
  {
    name: 'holder check',
    guard: 'An instance that another rollout holds is left alone',
    file: STEP,
    find: `  for (const [instanceId, holder] of taken) {`,
    replace: `  for (const [instanceId, holder] of [...taken].slice(taken.size)) {`,
  },
  {
    name: 'plan reuse',
    guard: 'The plan is saved first and never made again',
    file: START,
    find: `  if ((await ports.rollouts.create(rollout)) === 'exists') {`,
    replace: `  if ((await ports.rollouts.create(rollout)) === 'exists' && rollout.createdAtMs < 0) {`,
  },
  {
    name: 'dedupe',
    guard: 'The same request twice is one rollout',
    file: ASK,
    find: `  const rolloutId = rolloutIdOf(origin, ports.sha256);`,
    replace: `  const idempotencyKey = \`\${origin.idempotencyKey} \${ports.clock.nowMs()}\`;
  const rolloutId = rolloutIdOf({ ...origin, idempotencyKey }, ports.sha256);`,
  },
  {
    name: 'saved before published',
    guard: 'An outcome is saved before it is published',
    file: CARRY_OUT,
    find: `      const saved = await ports.rollouts.save(rollout, after);`,
    replace: `      const early = emitted.filter(({ kind }) => kind === 'publish');
      await perform(after, early, ports, invocation);
      const saved = await ports.rollouts.save(rollout, after);`,
  },
  {
    name: 'published again',
    guard: 'A result is published again when it may not have been published',
    file: STEP,
    find: `      if (ownerIsDead && rollout.outbox.length > 0) {`,
    replace: `      if (ownerIsDead && rollout.outbox.length > 1_000) {`,
  },
  {
    name: 'held again',
    guard: 'When an invocation dies while it takes the instances, the next one takes them',
    file: STEP,
    find: `        if (ownerIsDead) takeInstances(draft);`,
    replace: ``,
  },
  {
    name: 'tick exception',
    guard: 'One rollout that cannot be moved on does not stop the others',
    file: 'shared/domain/rollouts/attempt-all.ts',
    find: `      errors.push(error);`,
    replace: `      throw error;`,
  },
  {
    name: 'ready is remembered',
    guard: 'Only what was seen ready is remembered as effective',
    file: 'shared/domain/workflow/remember.ts',
    find: `instance.restart.kind === 'ready' ? instance.restart.atMs : null,`,
    replace: `rollout.updatedAtMs,`,
  },
  {
    name: 'own window',
    guard: 'An instance with the opt-out tag "window" waits for the window, even with break glass',
    file: WAVES,
    find: `  const isHeldBack = (one: RolloutInstance) => !windowIsOpen && isForWindow(one);`,
    replace: `  const isHeldBack = (one: RolloutInstance) => !windowIsOpen && one.wave > 1_000;`,
  },
  {
    name: 'never is never',
    guard: 'An instance with an opt-out tag against restarts is not restarted',
    file: OPT_OUT,
    find: `    case 'never':
      return 'opted-out';`,
    replace: `    case 'never':
      return '';`,
  },
  {
    name: 'strange tag',
    guard: 'An opt-out tag with an unknown value counts as never',
    file: OPT_OUT,
    find: `    default:
      return 'never';`,
    replace: `    default:
      return '';`,
  },
  {
    name: 'attach tag',
    guard: 'An instance whose own tag is against it is not attached to',
    file: 'shared/domain/plan/plan.ts',
    find: `  if (byTag !== undefined) return ['opted-out', byTag];`,
    replace: ``,
  },
  {
    name: 'asks for approval',
    guard: 'An instance whose own tag wants an approval is not restarted without one',
    file: 'shared/domain/policy/permission.ts',
    find: `  if (byTag.length > 0) reasons.push(`,
    replace: `  if (byTag.length > 1_000) reasons.push(`,
  },
  {
    name: 'withheld while pending',
    guard: 'What is withheld from an instance stays so when it has come up',
    file: 'shared/domain/workflow/attaching.ts',
    find: `instance.withheld === '' ? restartFor`,
    replace: `instance.wave === 0 ? restartFor`,
  },
  {
    name: 'own approval',
    guard: 'Nobody approves what they asked for, through whichever client',
    file: 'functions/attach/client.ts',
    find: `person: personBehind(client)`,
    replace: `person: client.id`,
  },
  {
    name: 'each counts once',
    guard: 'A person who approves twice counts once, through whichever client',
    file: APPROVAL,
    find: `|| approval.given.includes(approver.person)) return;`,
    replace: `) return;`,
  },
  {
    name: 'all of them',
    guard: 'A rollout begins only after the last approval that it needs',
    file: APPROVAL,
    find: `  if (given.length < approval.needed) {`,
    replace: `  if (given.length < Math.min(1, approval.needed)) {`,
  },
  {
    name: 'plan of now',
    guard: 'What is approved is planned again before it is done',
    file: 'shared/domain/rollouts/carry-out-command.ts',
    find: `  if (change === undefined) return;`,
    replace: `  if (change === undefined || change.why !== '') return;`,
  },
  {
    name: 'revoked',
    guard: 'Once a key pair is revoked, it is attached to no more instances',
    file: CONTROL,
    find: `  if (found === undefined) return false;`,
    replace: `  if (found === undefined || found.name !== '') return false;`,
  },
  {
    name: 'revoked before hold',
    guard: 'A rollout that is aborted before its instances are held attaches nothing',
    file: STEP,
    find: `    draft.rollout.control.kind === 'aborted'
      ? []`,
    replace: `    draft.rollout.version < 0
      ? []`,
  },
  {
    name: 'revoked waves',
    guard: 'After an abort, instances that wait for their wave are not attached',
    file: DROP,
    find: `    if (attach.kind === 'waiting') {`,
    replace: `    if (attach.kind === 'waiting' && attach.reason !== 'wave') {`,
  },
  {
    name: 'halt is told',
    guard: 'The channels are told of each halt',
    file: PACING,
    find: `  tellChannels(draft, 'halted');`,
    replace: ``,
  },
  {
    name: 'told again',
    guard: 'A notice is sent again when it may not have been sent',
    file: STEP,
    find: `  if (ownerIsDead && rollout.notices.length > 0) {`,
    replace: `  if (ownerIsDead && rollout.notices.length > 1_000) {`,
  },
  {
    name: 'told before done',
    guard: 'A rollout is done only after the notice of its end was sent',
    file: STEP,
    find: `  if (phase !== 'closing' || notices.length > 0) return;`,
    replace: `  if (phase !== 'closing') return;`,
  },
  {
    name: 'one id',
    guard: 'A notice that is sent again has the same id',
    file: 'shared/domain/workflow/notice-message.ts',
    find: '          id: `${rolloutId}-${kind}-${atMs}-${withoutPoints(channel)}`,',
    replace: '          id: `${rolloutId}-${kind}-${rollout.version}-${channel}`,',
  },
  {
    name: 'delivered again',
    guard: 'A delivery that failed is tried again',
    file: 'shared/domain/rollouts/deliver-notice.ts',
    find: `      return { again: [later(next,`,
    replace: `      if (attempt > 0) return NOTHING;
      return { again: [later(next,`,
  },
];

/**
 * A mistake that somebody could make: one guard of the code is taken out. The promise that it breaks, a
 * text that occurs exactly once in the file, and what replaces it: nothing, unless it is given.
 */
type Mistake = readonly [guard: string, find: string, replace?: string];

/** By file, and by name. */
const MISTAKES: Readonly<Record<string, Readonly<Record<string, Mistake>>>> = {
  'shared/domain/rollouts/carry-out.ts': {
    'claim saved first': [
      'A restart is claimed, and the claim saved, before it is called',
      `      const saved = await ports.rollouts.save(rollout, after);`,
      `      const early = emitted.filter(({ kind }) => kind === 'restart');
      await perform(after, early, ports, invocation);
      const saved = await ports.rollouts.save(rollout, after);`,
    ],
    'version check': [
      'After a refused save, everything is decided again on the new version',
      `if (saved === 'conflict') {`,
      `if (saved === 'conflict' && conflicts < 0) {`,
    ],
    'whole group': [
      'All members of a group that are down count, for whatever reason',
      `    if (status !== 'Running') group.down.add(instanceId);`,
    ],
    'saved before published': [
      'An outcome is saved before it is published',
      `      const saved = await ports.rollouts.save(rollout, after);`,
      `      const early = emitted.filter(({ kind }) => kind === 'publish');
      await perform(after, early, ports, invocation);
      const saved = await ports.rollouts.save(rollout, after);`,
    ],
  },
  'shared/domain/workflow/restarting.ts': {
    'slow owner': [
      'A claim without an answer is left alone until its invocation is certainly over',
      `const { nowMs: atMs, ownerUntilMs: untilMs } = draft.moment;`,
      `const { nowMs: atMs, nowMs: untilMs } = draft.moment;`,
    ],
    'evidence rule': [
      'A claim without an answer is settled by evidence only',
      `return status === 'Running' ? undefined : lookedAtMs;`,
      `return lookedAtMs;`,
    ],
    'unknown is final': [
      'A restart that may have happened is repeated only when a person says so',
      `    return { kind: 'unknown', how, attempt, atMs: moment.nowMs, code, runningAtMs };`,
      `    return { kind: 'due', how, attempt, notBeforeMs: moment.nowMs, reason: code };`,
    ],
    'lost is not refused': [
      'A call without an answer may have taken effect',
      `if (error.traits.certainty === 'maybe-done') return undefined;`,
    ],
    'two reads': [
      'The first Running status may be from before the restart',
      `  if (runningAtMs === null) {`,
      `  if (runningAtMs === null && moment.nowMs < 0) {`,
    ],
  },
  'shared/domain/workflow/waves.ts': {
    'wave limit': [
      'Never more than maxUnavailable at once',
      `  return Math.max(1, limit);`,
      `  return Math.max(1_000, limit);`,
    ],
    canary: [
      'The first wave is one instance, and each wave is at most twice the one before',
      `  return ramp === 'canary' ? 1 : 2 ** Math.min(wave - 1, 30);`,
      `  return 1_000;`,
    ],
    'wave is over': [
      'A wave starts when the one before is over',
      `  if (instances.some(isUnderWay)) return { kind: 'under-way' };`,
    ],
    'bake time': [
      'A wave starts when the one before has stayed ready for bakeSeconds',
      `  if (wave > 0 && nowMs < bakedAtMs) return { kind: 'wait', why: 'bake', untilMs: bakedAtMs };`,
    ],
    'zone by zone': [
      'A wave is one zone at a time',
      `candidates.filter((index) => instances[index]!.zoneId === zone);`,
      `candidates;`,
    ],
    'group limit': [
      'maxUnavailable also limits each group, and counts the whole group',
      `if (groupCost > 0 && free < groupCost) {`,
      `if (groupCost > 1) {`,
    ],
    'own window': [
      'An instance with the opt-out tag "window" waits for the window, even with break glass',
      `  const isHeldBack = (one: RolloutInstance) => !windowIsOpen && isForWindow(one);`,
      `  const isHeldBack = (one: RolloutInstance) => !windowIsOpen && one.wave > 1_000;`,
    ],
  },
  'shared/domain/workflow/pacing.ts': {
    halt: [
      'Nothing more is restarted after haltAfterFailures',
      `  if (failures < request.haltAfterFailures) return;`,
      `  if (failures < 1_000) return;`,
    ],
    'canary halts': [
      'A failed canary halts, whatever the budget',
      `    return halt(draft, \`the canary \${canary.instanceId} failed\`);`,
    ],
    pause: [
      'Nothing is restarted while the rollout is paused or halted',
      `      return { why: control.kind, untilMs: null };`,
      `      return undefined;`,
    ],
    window: [
      'Nothing is restarted outside the window, or in a freeze',
      `rollout.request.breakGlass !== null || moment.schedule.kind === 'open'`,
      `moment.nowMs > 0`,
    ],
    stop: [
      'Nothing is restarted after a global stop',
      `  if (event.stop !== null) return`,
      `  if (event.stop !== null && event.atMs < 0) return`,
    ],
    'health gate': [
      'The health gate must say go',
      `  if (event.gate.answer === 'wait') {`,
      `  if (event.gate.answer === 'wait' && event.atMs < 0) {`,
    ],
    'halt is told': ['The channels are told of each halt', `  tellChannels(draft, 'halted');`],
  },
  'shared/domain/workflow/draft.ts': {
    abort: [
      'Nothing begins after an abort, and what did not begin is marked as dropped',
      `    } else if (restart.kind === 'due') {`,
      `    } else if (restart.kind === 'due' && restart.attempt > 1_000) {`,
    ],
    'revoked waves': [
      'After an abort, instances that wait for their wave are not attached',
      `    if (attach.kind === 'waiting') {`,
      `    if (attach.kind === 'waiting' && attach.reason !== 'wave') {`,
    ],
  },
  'shared/domain/workflow/control.ts': {
    approval: [
      'An approval is for the plan that was shown',
      `      if (command.planDigest !== rollout.planDigest) return`,
      `      if (command.planDigest === '') return`,
    ],
    revoked: [
      'Once a key pair is revoked, it is attached to no more instances',
      `  if (found === undefined) return false;`,
      `  if (found === undefined || found.name !== '') return false;`,
    ],
  },
  'shared/domain/workflow/step.ts': {
    'holder check': [
      'An instance that another rollout holds is left alone',
      `  for (const [instanceId, holder] of taken) {`,
      `  for (const [instanceId, holder] of [...taken].slice(taken.size)) {`,
    ],
    'published again': [
      'A result is published again when it may not have been published',
      `      if (ownerIsDead && rollout.outbox.length > 0) {`,
      `      if (ownerIsDead && rollout.outbox.length > 1_000) {`,
    ],
    'held again': [
      'When an invocation dies while it takes the instances, the next one takes them',
      `        if (ownerIsDead) takeInstances(draft);`,
    ],
    'revoked before hold': [
      'A rollout that is aborted before its instances are held attaches nothing',
      `    draft.rollout.control.kind === 'aborted'
      ? []`,
      `    draft.rollout.version < 0
      ? []`,
    ],
    'told again': [
      'A notice is sent again when it may not have been sent',
      `  if (ownerIsDead && rollout.notices.length > 0) {`,
      `  if (ownerIsDead && rollout.notices.length > 1_000) {`,
    ],
    'told before done': [
      'A rollout is done only after the notice of its end was sent',
      `  if (phase !== 'closing' || notices.length > 0) return;`,
      `  if (phase !== 'closing') return;`,
    ],
  },
  'shared/domain/rollouts/start.ts': {
    'plan reuse': [
      'The plan is saved first and never made again',
      `  if ((await ports.rollouts.create(rollout)) === 'exists') {`,
      `  if ((await ports.rollouts.create(rollout)) === 'exists' && rollout.createdAtMs < 0) {`,
    ],
  },
  'shared/domain/rollouts/ask.ts': {
    dedupe: [
      'The same request twice is one rollout',
      `  const rolloutId = rolloutIdOf(origin, ports.sha256);`,
      `  const idempotencyKey = \`\${origin.idempotencyKey} \${ports.clock.nowMs()}\`;
  const rolloutId = rolloutIdOf({ ...origin, idempotencyKey }, ports.sha256);`,
    ],
  },
  'shared/domain/rollouts/attempt-all.ts': {
    'tick exception': [
      'One rollout that cannot be moved on does not stop the others',
      `      errors.push(error);`,
      `      throw error;`,
    ],
  },
  'shared/domain/workflow/remember.ts': {
    'ready is remembered': [
      'Only what was seen ready is remembered as effective',
      `instance.restart.kind === 'ready' ? instance.restart.atMs : null,`,
      `rollout.updatedAtMs,`,
    ],
  },
  'shared/domain/policy/opt-out.ts': {
    'never is never': [
      'An instance with an opt-out tag against restarts is not restarted',
      `    case 'never':
      return 'opted-out';`,
      `    case 'never':
      return '';`,
    ],
    'strange tag': [
      'An opt-out tag with an unknown value counts as never',
      `? value : 'never';`,
      `? value : '';`,
    ],
  },
  'shared/domain/plan/plan.ts': {
    'attach tag': [
      'An instance whose own tag is against it is not attached to',
      `  if (byTag !== undefined) return ['opted-out', byTag];`,
    ],
  },
  'shared/domain/policy/permission.ts': {
    'asks for approval': [
      'An instance whose own tag wants an approval is not restarted without one',
      `  if (byTag.length > 0) reasons.push(`,
      `  if (byTag.length > 1_000) reasons.push(`,
    ],
  },
  'shared/domain/workflow/attaching.ts': {
    'withheld while pending': [
      'What is withheld from an instance stays so when it has come up',
      `instance.withheld === '' ? restartFor`,
      `instance.wave === 0 ? restartFor`,
    ],
  },
  'functions/attach/client.ts': {
    'own approval': [
      'Nobody approves what they asked for, through whichever client',
      `person: personBehind(client)`,
      `person: client.id`,
    ],
  },
  'shared/domain/workflow/approval.ts': {
    'each counts once': [
      'A person who approves twice counts once, through whichever client',
      `|| approval.given.includes(approver.person)) return;`,
      `) return;`,
    ],
    'all of them': [
      'A rollout begins only after the last approval that it needs',
      `  if (given.length < approval.needed) {`,
      `  if (given.length < Math.min(1, approval.needed)) {`,
    ],
  },
  'shared/domain/rollouts/carry-out-command.ts': {
    'plan of now': [
      'What is approved is planned again before it is done',
      `  if (change === undefined) return;`,
      `  if (change === undefined || change.why !== '') return;`,
    ],
  },
  'shared/domain/workflow/notice-message.ts': {
    'one id': [
      'A notice that is sent again has the same id',
      '          id: `${rolloutId}-${kind}-${atMs}-${withoutPoints(channel)}`,',
      '          id: `${rolloutId}-${kind}-${rollout.version}-${channel}`,',
    ],
  },
  'shared/domain/rollouts/deliver-notice.ts': {
    'delivered again': [
      'A delivery that failed is tried again',
      `      return { again: [later(next,`,
      `      if (attempt > 0) return NOTHING;
      return { again: [later(next,`,
    ],
  },
};

export const MUTANTS = Object.entries(MISTAKES).flatMap(([file, mistakes]) =>
  Object.entries(mistakes).map(([name, [, find, replace = '']]) => ({ name, file, find, replace })),
);

export type Mutant = (typeof MUTANTS)[number];

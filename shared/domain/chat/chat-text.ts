import type { ChatCommand } from '../model/order.ts';
import { durationText } from '../../lib/duration.ts';
import type { RolloutRequest, Selector } from '../model/request.ts';
import { USUAL } from '../model/defaults.ts';

/**
 * A command as one line, in canonical form: what was understood, and what to type for it. The region is
 * always named; options are only where they differ from the usual ones.
 *
 * The line is read back as the same command, if a line said it in the first place (docs/chatops.md)
 * and it is not too long to be typed. Not promised for requests of other doors: they can say more.
 */
export function textOf(command: ChatCommand): string {
  switch (command.kind) {
    case 'whoami':
    case 'go':
      return command.kind;
    case 'help':
      return command.about === null ? command.kind : `${command.kind} ${command.about}`;
    case 'status':
      return command.rolloutId === null ? command.kind : `${command.kind} ${command.rolloutId}`;
    case 'stop':
      return command.reason === '' ? command.kind : `${command.kind} ${quoted(command.reason)}`;
    case 'ask':
      return askText(command.request);
    case 'undo':
      return `${command.dryRun ? 'plan undo' : 'undo'} ${command.rolloutId}`;
    case 'approve':
      return `approve ${command.rolloutId} ${command.planDigest}`;
    case 'deny':
    case 'pause':
    case 'resume':
    case 'abort':
      return `${command.kind} ${command.rolloutId}`;
  }
}

function askText(request: RolloutRequest): string {
  const [verb, preposition] = request.restartAlreadyAttached ? ['restart', 'on'] : ['attach', 'to'];
  return [
    ...(request.dryRun ? ['plan'] : []),
    verb,
    word(request.keyPairName),
    preposition,
    targetsText(request),
    `in ${request.regionId}`,
    ...optionTexts(request),
  ].join(' ');
}

function targetsText({ selector, instanceIds }: RolloutRequest): string {
  if (selector === null) return instanceIds.join(',');
  return conditionTexts(selector).join(' and ');
}

function conditionTexts(selector: Selector): string[] {
  const tags = Object.entries(selector.tags).map(([key, value]) => `${word(key)}=${word(value)}`);
  const condition = (name: string, value: string | null) =>
    value === null ? [] : [`${name} ${word(value)}`];
  return [
    ...(tags.length === 0 ? [] : [`tag ${tags.join(',')}`]),
    ...condition('keypair', selector.keyPairName),
    ...condition('zone', selector.zoneId),
    ...condition('vpc', selector.vpcId),
    ...condition('group', selector.resourceGroupId),
    ...condition('name', selector.namePrefix),
  ];
}

function optionTexts(request: RolloutRequest): string[] {
  const unlessUsual = <K extends keyof typeof USUAL>(key: K, option: string) =>
    request[key] === USUAL[key] ? [] : [option];
  const given = (value: string | null, option: (value: string) => string) =>
    value === null || value === '' ? [] : [option(value)];
  const { approveWithinSeconds } = request;
  return [
    ...unlessUsual('maxUnavailable', `--max-unavailable ${request.maxUnavailable}`),
    ...unlessUsual('ramp', `--ramp ${request.ramp}`),
    ...given(request.groupBy, (key) => `--group-by ${word(key)}`),
    ...unlessUsual('haltAfterFailures', `--halt-after ${request.haltAfterFailures}`),
    ...unlessUsual('bakeSeconds', `--bake ${durationText(request.bakeSeconds)}`),
    ...unlessUsual(
      'readyTimeoutSeconds',
      `--ready-timeout ${durationText(request.readyTimeoutSeconds)}`,
    ),
    ...unlessUsual('attach', `--attach ${request.attach}`),
    ...(request.restart === 'never' ? ['--no-restart'] : []),
    ...(request.startStopped ? ['--start-stopped'] : []),
    ...(approveWithinSeconds === null
      ? []
      : [`--approve-within ${durationText(approveWithinSeconds)}`]),
    ...given(request.breakGlass, (reason) => `--break-glass ${quoted(reason)}`),
    ...given(request.expectedPlanDigest, (digest) => `--expect ${digest}`),
    ...given(request.note, (note) => `--note ${quoted(note)}`),
  ];
}

/** What is read as it stands wherever a word can be. */
const PLAIN = /^[A-Za-z0-9_.:/@+%][A-Za-z0-9_.:/@+%-]*$/;

function word(text: string): string {
  return PLAIN.test(text) ? text : quoted(text);
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

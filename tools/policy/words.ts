import type { RuleVerdict } from '../../shared/domain/launch/launch-rules.ts';
import { pointerOf } from '../../shared/lib/pointer.ts';
import type { InstanceExplanation, LaunchExplanation } from './explain-launch.ts';
import { type ClientExplanation, inWords, type RequestExplanation } from './explain-request.ts';

/** Most instance ids that are shown: our own choice, the JSON has all. */
const MAX_SHOWN = 4;

export function launchInWords(explanation: LaunchExplanation): string[] {
  if (explanation.kind === 'ignored') return [`Ignored: ${explanation.why}.`];
  const { source, eventName, regionId, launchedBy, instances } = explanation;
  const by = launchedBy === null ? '' : ` by ${launchedBy.join(' = ')}`;
  return [
    `${eventName}${by} in ${regionId}, told by ${SOURCES[source]}.`,
    ...instances.flatMap((one) => ['', ...instancesInWords(one)]),
    '',
    `A deployment of another region than ${regionId} ignores it.`,
  ];
}

const SOURCES = {
  'action-trail': 'ActionTrail',
  'state-change': 'a state change of ECS, which does not say who launched, nor by which template',
  'auto-scaling': 'Auto Scaling, which does not say who launched, nor by which template',
};

function instancesInWords(one: InstanceExplanation): string[] {
  const { instanceIds, steps, verdict, atLastCall, notes } = one;
  const width = Math.max(0, ...steps.map(({ rule }) => rule.length));
  return [
    `${some(instanceIds)}: ${factsInWords(one)}`,
    ...steps.map(
      ({ rule, outcome, why, actionTrailOnly }, index) =>
        `  ${index + 1}. ${rule.padEnd(width)}  ${outcome.padEnd(7)}  ${why}${
          actionTrailOnly ? ' (can match events of ActionTrail only)' : ''
        }`,
    ),
    `  ${verdictInWords(verdict)}`,
    ...(atLastCall === null
      ? []
      : [`  If no such event comes within 15 minutes: ${lower(atLastCall)}`]),
    ...notes.map((note) => `  Note: ${note}.`),
  ];
}

function some(ids: readonly string[]): string {
  const rest = ids.length - MAX_SHOWN;
  const shown = ids.slice(0, MAX_SHOWN).join(', ');
  return rest <= 0 ? shown : `${shown} and ${rest} more`;
}

function factsInWords({ name, tags, imageId, knownFrom }: InstanceExplanation): string {
  if (knownFrom === 'nothing')
    return 'name, tags and image are unknown here (give them by --instance)';
  const parts = [
    `name ${name ?? 'unknown here'}`,
    tags === null ? 'tags unknown here' : `tags ${inWords(tags) || 'none'}`,
    `image ${imageId ?? 'unknown here'}`,
  ];
  const isWhole = name !== null && tags !== null && imageId !== null;
  return `${parts.join('; ')} (from ${knownFrom}${isWhole ? '' : `; ${GIVE}`})`;
}

const GIVE = 'give the rest by --instance';

function verdictInWords(verdict: RuleVerdict): string {
  switch (verdict.kind) {
    case 'none':
      return 'No rule matches: nothing is done.';
    case 'undecided':
      return `Undecided: rule "${verdict.rule.name}" may match, but ${verdict.why}.`;
    case 'rule': {
      const { name, keyPairName, fingerprint, restart, delaySeconds, replace } = verdict.rule;
      const parts = [
        `key pair ${keyPairName}${fingerprint === null ? '' : ` (${fingerprint})`}`,
        restart ? 'and a restart' : 'no restart',
        ...(delaySeconds === 0 ? [] : [`${delaySeconds} s after the launch`]),
        ...(replace ? ['in place of another one too'] : []),
      ];
      return `Rule "${name}" wins: ${parts.join(', ')}.`;
    }
  }
}

function lower(verdict: RuleVerdict): string {
  const text = verdictInWords(verdict);
  return text[0]!.toLowerCase() + text.slice(1);
}

export function requestInWords(explanation: RequestExplanation): string[] {
  const { regionId, keyPairName, faults, clients } = explanation;
  const all = faults.map(
    ({ path, detail }) => `Refused for everybody: ${pointerOf(path)}: ${detail}`,
  );
  if (clients.length === 0) all.push('The policy has neither clients nor people: nobody may ask.');
  return [
    `A request for key pair ${keyPairName} in ${regionId}.`,
    ...all,
    ...clients.flatMap((one) => ['', ...clientInWords(one)]),
    '',
    `A deployment of another region than ${regionId} refuses it.`,
  ];
}

function clientInWords(one: ClientExplanation): string[] {
  const { faults, conditions, approval, restarts, healthGate } = one;
  const who = `${one.is === 'person' ? 'Person' : 'Client'} "${one.client}"`;
  if (faults.length > 0) {
    return [
      `${who} may not:`,
      ...faults.map(({ path, detail }) => `  ${pointerOf(path) || 'the whole'}: ${detail}`),
    ];
  }
  const byMany = approval.approvals > 1 ? `; by ${approval.approvals} people` : '';
  return [
    `${who} may, if`,
    ...conditions.map((condition) => `  - ${condition}`),
    `  Approval: ${APPROVALS[approval.needed]} ${approval.why.join('; or ')}${byMany}`,
    `  Restarts: ${restarts}`,
    `  Health gate: ${healthGate ?? 'none'}`,
  ];
}

const APPROVALS = { yes: 'needed:', no: 'not needed:', perhaps: 'only if' };

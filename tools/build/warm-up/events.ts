import { randomUUID } from 'node:crypto';
import { slackHeaders } from '../../../local/chat/slack/sign.ts';
import { MEMBERS, WORKSPACE } from '../../../local/chat/workspace.ts';
import type { Launch } from '../../../shared/domain/model/launch.ts';
import { bodiesOf } from '../../../shared/contract/messages/codec.ts';
import { signWebhook } from '../../../shared/contract/webhook-signature.ts';
import { parseWebhookSecret } from '../../../shared/contract/webhook-secret.ts';
import type { Site } from './site.ts';

/**
 * What a function is woken by as a rule, by its name. None for one that is not listed here: it is only
 * initialized then.
 */
export function usualEvents(name: string, site: Site): readonly Buffer[] {
  return EVENTS[name]?.(site) ?? [];
}

const EVENTS: Readonly<Record<string, (site: Site) => readonly Buffer[]>> = {
  chat: (site) => [slackEvent(site)],
  attach: (site) => [webhookEvent(site, true), webhookEvent(site, false)],
  launch: (site) => [launchEvent(site)],
  restart: (site) => [eventOf(TICK), gatheredEvent(site)],
};

/** https://www.alibabacloud.com/help/en/functioncompute/fc/user-guide/time-triggers */
const TICK = { triggerTime: '2026-11-24T08:00:00Z', triggerName: 'tick', payload: '{}' };

function eventOf(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

/** A POST as an HTTP trigger hands it to a function. */
function postEvent(path: string, headers: Readonly<Record<string, string>>, body: string): Buffer {
  return eventOf({
    version: 'v1',
    rawPath: path,
    body,
    isBase64Encoded: false,
    headers,
    queryParameters: {},
    requestContext: { http: { method: 'POST', path, sourceIp: '127.0.0.1' } },
  });
}

function webhookEvent({ regionId, keyPairName, instanceIds, secret }: Site, dryRun: boolean) {
  const body = JSON.stringify({ regionId, keyPairName, instanceIds, restart: 'auto', dryRun });
  const signature = signWebhook({
    secret: parseWebhookSecret(secret),
    id: `msg_cold_${dryRun ? 'dry' : 'wet'}`,
    timestampSec: Math.floor(Date.now() / 1_000),
    body,
  });
  return postEvent('/rollouts', { 'Content-Type': 'application/json', ...signature }, body);
}

/** A line that is sent on through the queue, by somebody of the local chats. */
function slackEvent({ startOf, keyPairName, instanceIds }: Site): Buffer {
  const { teamId, appId, channelId, command } = WORKSPACE.slack;
  const body = new URLSearchParams({
    team_id: teamId,
    api_app_id: appId,
    channel_id: channelId,
    channel_name: WORKSPACE.channelName,
    user_id: MEMBERS[0]!.accounts.slack,
    command,
    text: `attach ${keyPairName} to ${instanceIds.join(',')} --note "cold"`,
    response_url: 'https://hooks.slack.com/commands/T0LATCHKEY/1/cold',
    trigger_id: `1.2.${randomUUID()}`,
  }).toString();
  const secret = startOf('chat')?.env['SLACK_SIGNING_SECRET'] ?? '';
  const headers = slackHeaders(secret, Math.floor(Date.now() / 1_000), body);
  return postEvent('/chat/slack', headers, body);
}

function launchEvent({ regionId, instanceIds }: Site): Buffer {
  const time = new Date().toISOString();
  return eventOf({
    id: 'cold-launch',
    source: 'acs.ecs',
    specversion: '1.0',
    type: 'ecs:ActionTrail:ApiCall',
    time,
    aliyunregionid: regionId,
    data: {
      eventId: 'cold-launch',
      eventName: 'RunInstances',
      eventType: 'ApiCall',
      eventTime: time,
      acsRegion: regionId,
      responseElements: { InstanceIdSets: { InstanceIdSet: instanceIds } },
      userIdentity: { type: 'ram-user', userName: 'cold' },
    },
  });
}

/** Launches that have waited long enough: a rollout begins, which is attached and restarted. */
function gatheredEvent({ regionId, instanceIds }: Site): Buffer {
  const nowMs = Date.now();
  const launches = instanceIds.map((instanceId): Launch => ({
    instanceId,
    regionId,
    accountId: null,
    launchedBy: null,
    launchTemplates: null,
    eventKey: 'cold',
    eventName: 'RunInstances',
    source: 'action-trail',
    atMs: nowMs,
    lastCall: true,
    tries: 0,
  }));
  const bodies = bodiesOf({ kind: 'launches', launches });
  const events = bodies.map((messageBody) => ({
    id: 'cold-launches',
    source: 'MNS-latchkey',
    specversion: '1.0',
    type: 'mns:Queue:SendMessage',
    data: { messageId: 'cold-launches', messageBody },
  }));
  return eventOf(events);
}

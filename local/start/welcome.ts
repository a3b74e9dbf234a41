import { signedCurl } from './signed-curl.ts';
import type { LocalCloud } from '../start-local-cloud.ts';

/** How many instances the sample request names. */
const EXAMPLE_INSTANCES = 3;

/** The message of `npm start` when everything runs: the addresses, and a sample request. */
export function welcome(
  { cloud, chat, webhookSecret }: LocalCloud,
  instanceIds: readonly string[],
): string {
  const { endpoints, kernel } = cloud;
  const { http, ...services } = endpoints;
  const places = [
    ...Object.entries(http).map(([name, url]) => [`function ${name}`, url]),
    ...Object.entries(services),
    ['chats', `${chat.url}/chat`],
    ['console', `${chat.url}/console`],
  ];
  const lines = places.map(([name, url]) => `  ${name!.padEnd(18)} ${url}`);
  const { accountId, accessKeyId, accessKeySecret, regionId } = kernel.settings;
  const request = {
    regionId,
    keyPairName: 'ops-2026',
    instanceIds: instanceIds.slice(0, EXAMPLE_INSTANCES),
    restart: 'auto',
  };
  const curl =
    http['attach'] === undefined
      ? []
      : [
          '',
          'To request a rollout:',
          '',
          signedCurl(`${http['attach']}/rollouts`, request, webhookSecret),
        ];
  return [
    'The local Alibaba Cloud is running:',
    '',
    ...lines,
    '',
    `  account            ${accountId}, region ${regionId}`,
    `  access key         ${accessKeyId} / ${accessKeySecret}`,
    `  webhook secret     ${webhookSecret}`,
    ...curl,
    '',
    'Ctrl-C ends it.',
  ].join('\n');
}

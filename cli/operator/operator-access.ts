import { cloudAccess, requiredSetting, settingsOf } from '../cloud/cloud-access.ts';
import { cloudDeploymentOf } from '../deployment.ts';
import type { Flags } from '../flags.ts';
import type { Io } from '../io.ts';
import { readAccountId } from '../read-argument.ts';
import type { OperatorAccess } from './operator-ports.ts';

/** The names in s.yaml. */
const QUEUES = { results: 'latchkey-results', chat: 'latchkey-chat', deadLetters: 'latchkey-dead' };

/**
 * How to call everything that an operator needs: `cloudAccess`, and the account's queues and functions. The
 * environment variables are those of the functions, and `ACCOUNT_ID`.
 *
 * @throws {CliError} `usage` when a setting is missing
 */
export function operatorAccess(flags: Flags, io: Io): OperatorAccess {
  const deployment = cloudDeploymentOf(flags, io);
  const access = cloudAccess(deployment, flags.region, io);
  const settings = settingsOf(deployment, io);
  const accountId = readAccountId(
    requiredSetting(settings, 'ACCOUNT_ID', 'the account id, in digits'),
  );
  const { regionId } = access;
  return {
    ...access,
    accountId,
    smqEndpoint: settings['SMQ_ENDPOINT'] || `https://${accountId}.mns.${regionId}.aliyuncs.com`,
    // https://www.alibabacloud.com/help/en/functioncompute/fc/developer-reference/api-fc-2023-03-30-endpoint
    fcEndpoint: settings['FC_ENDPOINT'] || `https://${accountId}.${regionId}.fc.aliyuncs.com`,
    queues: {
      results: settings['SMQ_QUEUE'] || QUEUES.results,
      chat: settings['SMQ_CHAT_QUEUE'] || QUEUES.chat,
      deadLetters: settings['SMQ_DEAD_LETTER_QUEUE'] || QUEUES.deadLetters,
    },
  };
}

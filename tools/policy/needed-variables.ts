import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { ChatRule, Policy } from '../../shared/domain/policy.ts';
import { keySetsOf } from '../../shared/inbound/console/jwks.ts';
import { fieldsOf } from '../../shared/inbound/event-payload.ts';

type FunctionName = 'attach' | 'restart' | 'chat' | 'messenger';

/** The environment variables that hold secrets or keys, by the function that does not start without them. */
export function neededVariables(policy: Policy): Readonly<Record<FunctionName, string[]>> {
  const rules = [...policy.clients, ...policy.people.map(({ rule }) => rule)];
  const gates = [policy, ...rules].flatMap(({ healthGate }) => healthGate?.secretName ?? []);
  const channels = policy.notify.map(({ secretName }) => secretName);
  return {
    attach: [
      ...policy.clients.flatMap(({ secretNames }) => secretNames),
      ...keySetsOf(policy).map(({ name }) => name),
    ],
    restart: [...new Set([...gates, ...channels])],
    ...ofChat(policy.chat),
  };
}

function ofChat(chat: ChatRule | null): Readonly<Record<'chat' | 'messenger', string[]>> {
  if (chat === null) return { chat: [], messenger: [] };
  const { buttonSecretName, slack, dingtalk, feishu } = chat;
  return {
    chat: [
      buttonSecretName,
      ...(slack === null ? [] : [slack.signingSecretName]),
      ...(dingtalk === null
        ? []
        : [
            dingtalk.appSecretName,
            dingtalk.cardSecretName,
            dingtalk.pathSecretName,
            ...(dingtalk.aesKeyName === null ? [] : [dingtalk.aesKeyName]),
          ]),
      ...(feishu === null ? [] : [feishu.encryptKeyName, feishu.verificationTokenName]),
    ],
    messenger: [
      buttonSecretName,
      ...(slack === null ? [] : [slack.botTokenName]),
      ...(dingtalk === null ? [] : [dingtalk.appSecretName]),
      ...(feishu === null ? [] : [feishu.appSecretName]),
    ],
  };
}

/** What `s.yaml` does not set of it; [] when there is no such file. */
export function missingIn(sYamlPath: string, policy: Policy): string[] {
  if (!existsSync(sYamlPath)) return [];
  const { resources } = fieldsOf(parse(readFileSync(sYamlPath, 'utf8')));
  return Object.entries(neededVariables(policy)).flatMap(([name, variables]) => {
    const { props } = fieldsOf(fieldsOf(resources)[name]);
    const set = fieldsOf(fieldsOf(props)['environmentVariables']);
    return variables
      .filter((variable) => !Object.hasOwn(set, variable))
      .map((variable) => `"${variable}" is missing in s.yaml: function "${name}" needs it`);
  });
}

import type { ExpectStatic } from 'vitest';
import type { Cloud } from '../../local/cloud/index.ts';
import type { ChatDriver } from '../../tools/browser/chat-driver.ts';
import { until } from '../../tools/until.ts';

/** Text that becomes mentions, links and emphasis wherever it is parsed as markup. */
export const HOSTILE = '<!channel> <@U0BOB> <at id=all></at> @所有人 *b* _i_ http://evil.example';

export interface Story {
  /** The name of the instances, unique to each story. */
  readonly name: string;
  /** Whether they are rebooted, in waves. */
  readonly reboots: boolean;
}

/**
 * Tells the main story of the chat: carol requests a rollout, only bob can approve it, and one message shows
 * the progress until every instance has the key pair and, with `reboots`, was rebooted once.
 *
 * @returns the rollout's id
 */
export async function approvalStory(
  { say, press, texts }: ChatDriver,
  cloud: Cloud,
  { name, reboots }: Story,
  expect: ExpectStatic,
): Promise<string> {
  // More than five instances need the approval of a second person.
  const { instanceIds } = cloud.seed({ instances: [{ count: 6, name, keyPairName: 'ops-2025' }] });
  const instances = () => instanceIds.map((id) => cloud.ecs.state().instances[id]!);
  const isUntouched = () => instances().every(({ keyPairName }) => keyPairName === 'ops-2025');
  const sees = async (person: string, about: string, pattern: RegExp): Promise<string> => {
    let found: string | undefined;
    await until(`${person} being shown ${pattern} about ${about}`, async () => {
      const all = await texts(person);
      found = all.findLast((text) => text.includes(about) && pattern.test(text));
      return found !== undefined;
    });
    return found!;
  };

  await say('mallory', `attach ops-2026 to ${instanceIds[0]!}`);
  await sees('mallory', '', /Nobody that the policy knows/);

  const how = reboots ? '--max-unavailable 100% --bake 0' : '--no-restart';
  await say('carol', `attach ops-2026 to ${instanceIds.join(',')} ${how} --note "${HOSTILE}"`);
  await sees('carol', instanceIds[0]!, /Understood[^]*or-[a-z2-7]{26}/);
  const [rolloutId] = /ro-[a-z2-7]{26}/.exec(await sees('bob', name, /Approval needed/))!;

  // carol may approve, but not her own request. alice may request, but not approve.
  await press('carol', 'Approve', name);
  await sees('carol', rolloutId, /nobody may approve their own request/);
  await press('alice', 'Approve', name);
  await sees('alice', '', /Cannot approve: person "alice" may not/);
  expect(isUntouched()).toBe(true);

  await press('bob', 'Approve', name);
  await sees('alice', rolloutId, /\bDone\b/);
  expect(
    instances().map((each) => [each.keyPairName, each.effectiveKeyPairName, each.boots]),
  ).toEqual(
    instanceIds.map(() => (reboots ? ['ops-2026', 'ops-2026', 2] : ['ops-2026', 'ops-2025', 1])),
  );
  return rolloutId;
}

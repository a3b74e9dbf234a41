import type { Peer } from './stage.ts';
import { statusOf } from './status-of.ts';

/**
 * A loop in a shell, with the commands of the documentation:
 *
 *     for id in $ids; do
 *       aliyun ecs AttachKeyPair --KeyPairName … --InstanceIds "[\"$id\"]"
 *       aliyun ecs RebootInstance --InstanceId "$id"
 *       aliyun ecs DescribeInstances --InstanceIds "[\"$id\"]" \
 *         --waiter expr='Instances.Instance[0].Status' to=Running
 *     done
 *
 * The waiter follows aliyun/aliyun-cli, openapi/waiter.go at
 * 009931551fbe4ed9dd418881eb6dcf643c738c83: it reads the status every 5 s, for at most 180 s. Without
 * `set -e` the loop goes on after an error, and ends with the status of its last command. The time to
 * start a process for each command is left out.
 */
export const cliLoop: Peer = async (stage) => {
  const { regionId, keyPairName, instanceIds } = stage;
  let last: unknown;
  const command = async (run: () => Promise<unknown>) => {
    last = undefined;
    try {
      await run();
    } catch (error) {
      last = error;
    }
  };
  for (const id of instanceIds) {
    await command(() =>
      stage.call('AttachKeyPair', {
        RegionId: regionId,
        KeyPairName: keyPairName,
        InstanceIds: JSON.stringify([id]),
      }),
    );
    await command(() => stage.call('RebootInstance', { InstanceId: id }));
    await command(async () => {
      for (let waitedMs = 0; (await statusOf(stage, id)) !== 'Running'; waitedMs += LOOK_EVERY_MS) {
        if (waitedMs > LIMIT_MS) throw new Error(`${id} is not Running`);
        await stage.sleep(LOOK_EVERY_MS);
      }
    });
  }
  if (last !== undefined) throw last;
};

const LOOK_EVERY_MS = 5_000;
const LIMIT_MS = 180_000;

import { test } from 'vitest';
import {
  flag,
  group,
  integer,
  listOf,
  readParameters,
  requiredText,
  text,
} from '../../../../local/cloud/ecs/requests/parameters.ts';
import { aCloud } from '../a-cloud.ts';

const TABLE = {
  RegionId: requiredText,
  Amount: integer,
  DryRun: flag,
  InstanceId: listOf(text),
  SystemDisk: group({ Size: integer }),
  NetworkInterface: listOf(group({ VSwitchId: text, SecurityGroupIds: listOf(text) })),
};
const read = (given: Record<string, string>) =>
  readParameters(TABLE, new Map(Object.entries({ RegionId: 'r', ...given })));

test('lists, groups and lists of groups are read, in order of their numbers', ({ expect }) => {
  const values = read({
    Amount: '3',
    DryRun: 'True',
    'InstanceId.10': 'j',
    'InstanceId.2': 'b',
    'SystemDisk.Size': '20',
    'NetworkInterface.1.VSwitchId': 'v',
    'NetworkInterface.1.SecurityGroupIds.1': 's',
  });
  expect(values).toEqual({
    RegionId: 'r',
    Amount: 3,
    DryRun: true,
    InstanceId: ['b', 'j'],
    SystemDisk: { Size: 20 },
    NetworkInterface: [{ VSwitchId: 'v', SecurityGroupIds: ['s'] }],
  });
});

test('what is not declared, or of the wrong type, is refused by name', ({ expect }) => {
  for (const name of [
    'Surprise',
    'InstanceId',
    'InstanceId.x',
    'InstanceId.0',
    'InstanceId.1.More',
    'SystemDisk',
    'SystemDisk.Speed',
    'RegionId.1',
    'toString',
    'Amount',
    'DryRun',
  ]) {
    expect(() => read({ [name]: 'x' }), name).toThrow(
      `InvalidParameter: The specified parameter "${name}" is not valid.`,
    );
  }
  expect(() => read({ RegionId: '' })).toThrow('MissingParameter: The input parameter "RegionId"');
});

test('an action refuses a parameter that it does not have', async ({ expect }) => {
  const { here } = aCloud();
  // RebootInstances says ForceReboot, not ForceStop; attach has neither a dry run nor a client token.
  for (const [action, name] of [
    ['RebootInstances', 'ForceStop'],
    ['AttachKeyPair', 'DryRun'],
    ['AttachKeyPair', 'ClientToken'],
    ['RebootInstance', 'RegionId'],
  ] as const) {
    const { status, body } = await here(action, { [name]: 'true' });
    expect({ status, code: body['Code'], message: body['Message'] }).toEqual({
      status: 400,
      code: 'InvalidParameter',
      message: `The specified parameter "${name}" is not valid.`,
    });
  }
});

test('the old parameters that every SDK can send are taken and mean nothing', async ({
  expect,
}) => {
  const { here } = aCloud();
  const { status } = await here('DescribeKeyPairs', {
    OwnerId: '1',
    ResourceOwnerId: '1',
    ResourceOwnerAccount: 'a',
  });
  expect(status).toBe(200);
});

test('another region is refused', async ({ expect }) => {
  const { status, body } = await aCloud().here('DescribeInstances', { RegionId: 'cn-beijing' });
  expect([status, body['Code']]).toEqual([404, 'InvalidRegionId.NotFound']);
});

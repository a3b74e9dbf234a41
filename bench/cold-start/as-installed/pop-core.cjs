// The client before the official SDK, from node_modules: without models and types.
const RpcClient = require('@alicloud/pop-core');

exports.call = ({ protocol, host, port, regionId, instanceIds, ...keys }) => {
  const endpoint = `${protocol}://${host}:${port}`;
  const client = new RpcClient({ ...keys, endpoint, apiVersion: '2014-05-26' });
  const ids = JSON.stringify(instanceIds);
  const query = { RegionId: regionId, InstanceIds: ids, MaxResults: 100 };
  return client.request('DescribeInstances', query, { method: 'POST' });
};

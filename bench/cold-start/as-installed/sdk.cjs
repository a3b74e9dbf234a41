// The official SDK as its README shows it, from node_modules and not bundled.
const Sdk = require('@alicloud/ecs20140526');
const { $OpenApiUtil } = require('@alicloud/openapi-core');

exports.call = async ({ protocol, host, port, regionId, instanceIds, ...keys }) => {
  const config = { ...keys, endpoint: `${host}:${port}`, protocol, regionId };
  const client = new Sdk.default(new $OpenApiUtil.Config(config));
  const ids = JSON.stringify(instanceIds);
  const request = new Sdk.DescribeInstancesRequest({ regionId, instanceIds: ids, maxResults: 100 });
  return (await client.describeInstances(request)).body;
};

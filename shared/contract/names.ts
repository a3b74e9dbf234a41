import * as v from 'valibot';
import { ROLLOUT_ID } from '../domain/model/ids.ts';

/** Whose form is not documented beyond examples such as `i-bp67acfmxazb4p****`. */
export const INSTANCE_ID = /^i-[A-Za-z0-9]{1,60}$/;
export const InstanceIdText = v.pipe(
  v.string(),
  v.regex(INSTANCE_ID, 'must be an instance id, such as "i-bp67acfmxazb4p"'),
);

export const REGION_ID = /^[a-z]{2,}(?:-[a-z0-9]+)+$/;
export const RegionIdText = v.pipe(
  v.string(),
  v.regex(REGION_ID, 'must be a region, such as "cn-hangzhou"'),
);

/** https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-createkeypair */
export const KeyPairNameText = v.pipe(
  v.string(),
  v.regex(
    /^(?!https?:\/\/)[A-Za-z][A-Za-z0-9:_-]{1,127}$/,
    'must be a key pair name: 2 to 128 letters, digits, colons, underscores and hyphens, a letter first',
  ),
);

export const RolloutIdText = v.pipe(
  v.string(),
  v.regex(ROLLOUT_ID, 'must be a rollout id: "ro-" and 26 characters of base32'),
);

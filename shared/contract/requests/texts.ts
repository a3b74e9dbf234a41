import * as v from 'valibot';
import { MAX_INSTANCES, MAX_NOTE_LENGTH } from '../../domain/model/request.ts';
import { InstanceIdText } from '../names.ts';

/** Values of several requests, and of the policy. */

/** https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-tagresources */
export const MAX_TAG_LENGTH = 128;

/** No control characters, no halves of characters, and nothing that turns the reading direction. */
export const isOneLine = v.regex(
  /^[^\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/u,
  'must be one line without control characters',
);

export const atMost = (length: number) =>
  v.maxLength<string, number, string>(length, `must have at most ${length} characters`);

export const oneLine = (maxLength: number) => v.pipe(v.string(), atMost(maxLength), isOneLine);

/** The key of a tag whose value decides. */
export const TagKeyText = v.pipe(
  v.string(),
  v.nonEmpty('must be the key of a tag'),
  atMost(MAX_TAG_LENGTH),
);

export const wholeNumber = (min: number, max: number) =>
  v.pipe(
    v.number(),
    v.integer('must be a whole number'),
    v.minValue(min, `must be at least ${min}`),
    v.maxValue(max, `must be at most ${max}`),
  );

/** The instances of one rollout. Duplicates are dropped. */
export const InstanceIdList = v.pipe(
  v.array(InstanceIdText),
  v.minLength(1, 'must name at least one instance'),
  v.transform((ids) => [...new Set(ids)]),
  v.maxLength(MAX_INSTANCES, `must name at most ${MAX_INSTANCES} instances`),
);

export const PlanDigestText = v.pipe(
  v.string(),
  v.regex(/^sha256:[0-9a-f]{64}$/, 'must be "sha256:" and 64 hexadecimal digits'),
);

/** A remark of a person about the request. */
export const Note = oneLine(MAX_NOTE_LENGTH);

/** Why a person does what others must hear about: it has at least one visible character. */
export const Reason = v.pipe(Note, v.regex(/[\p{L}\p{N}\p{P}\p{S}]/u, 'must say why'));

import * as v from 'valibot';
import { PLATFORMS } from '../../domain/model/chat.ts';
import { once } from '../../lib/once.ts';
import { storedConditions, storedFields } from '../../contract/requests/stored-request.ts';
import type { Rollout, RolloutInstance } from '../../domain/model/rollout.ts';

/** A rollout without its key, its version, and what has columns of its own. */
type Header = Omit<Rollout, 'rolloutId' | 'version' | 'instances' | 'history'>;

const integer = v.pipe(v.number(), v.safeInteger());

const conversation = {
  platform: v.picklist(PLATFORMS),
  tenant: v.string(),
};

const HeaderColumn = v.lazy(
  once(() =>
    v.object({
      /** Of the instance columns that the row must have. */
      instanceCount: integer,
      origin: v.object({
        door: v.picklist(['webhook', 'chat', 'launch']),
        client: v.string(),
        idempotencyKey: v.string(),
        bodyDigest: v.string(),
        person: v.exactOptional(v.string()),
        chat: v.exactOptional(
          v.object({
            account: v.object({ ...conversation, user: v.string() }),
            place: v.object({ ...conversation, channel: v.string() }),
          }),
        ),
      }),
      request: v.object(
        storedFields(v.string(), v.number(), {
          /** null: those of the instances, in their order. */
          instanceIds: v.nullable(v.array(v.string())),
          selector: v.object(storedConditions(v.string())),
        }),
      ),
      keyPair: v.object({ name: v.string(), fingerprint: v.string() }),
      planDigest: v.string(),
      createdAtMs: integer,
      openedAtMs: integer,
      updatedAtMs: integer,
      phase: v.picklist(['open', 'closing', 'done']),
      held: v.boolean(),
      ownerUntilMs: integer,
      control: v.variant('kind', [
        v.object({ kind: v.literal('going') }),
        v.object({
          kind: v.picklist(['paused', 'halted', 'aborted']),
          cause: v.string(),
          by: v.string(),
          atMs: integer,
        }),
      ]),
      approval: v.nullable(
        v.object({
          state: v.picklist(['waiting', 'approved', 'denied', 'expired', 'changed']),
          untilMs: integer,
          by: v.string(),
          why: v.string(),
          // Rows from before people approved have none of these: one approval was enough, and at the webhook.
          needed: v.optional(integer, 1),
          given: v.optional(v.array(v.string()), []),
          isHighRisk: v.optional(v.boolean(), false),
          facts: v.optional(
            v.object({
              stopped: integer,
              replaces: v.array(v.object({ name: v.string(), fingerprint: v.string() })),
            }),
            { stopped: 0, replaces: [] },
          ),
        }),
      ),
      forgiven: integer,
      wave: integer,
      waitingFor: v.picklist([
        '',
        'approval',
        'paused',
        'halted',
        'stopped',
        'window',
        'freeze',
        'bake',
        'gate',
        'budget',
        'group',
        'unavailable',
      ]),
      waitingUntilMs: v.nullable(integer),
      wakeAtMs: v.nullable(integer),
      outbox: v.array(integer),
      notices: v.array(
        v.object({
          kind: v.picklist(['approval-needed', 'break-glass', 'halted', 'ended']),
          atMs: integer,
        }),
      ),
    }),
  ),
);

export function encodeHeader(rollout: Rollout): string {
  const { rolloutId: _, version: __, instances, history: ___, request, ...rest } = rollout;
  // A thousand ids would be written twice, and again with every save.
  const same =
    request.instanceIds.length === instances.length &&
    request.instanceIds.every((id, i) => id === instances[i]?.instanceId);
  const header: Header & { instanceCount: number } = {
    instanceCount: instances.length,
    request,
    ...rest,
  };
  return JSON.stringify({
    ...header,
    request: { ...request, instanceIds: same ? null : request.instanceIds },
  });
}

/** @throws {Error} for a text that `encodeHeader` did not make */
export function decodeHeader(column: string): v.InferOutput<typeof HeaderColumn> {
  return v.parse(HeaderColumn, JSON.parse(column));
}

export function withInstances(
  header: v.InferOutput<typeof HeaderColumn>,
  instances: readonly RolloutInstance[],
): Header & Pick<Rollout, 'instances'> {
  const { instanceCount: _, request, ...rest } = header;
  const instanceIds = request.instanceIds ?? instances.map(({ instanceId }) => instanceId);
  return { ...rest, request: { ...request, instanceIds }, instances };
}

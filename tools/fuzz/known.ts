import type { Fleet } from './stage.ts';

/** What a caller of the running service knows. Requests are made from it. */
export class Known {
  readonly instanceIds: readonly string[];
  readonly keyPairNames: readonly string[];
  /** Ids of rollouts; some do not exist. */
  readonly rolloutIds = ['ro-abcdefghijklmnopqrstuvwxyz'];
  readonly planDigests = [`sha256:${'0'.repeat(64)}`];
  /** Values of `webhook-id` that were used. */
  readonly requestIds = ['msg_0'];

  constructor({ instanceIds, keyPairNames }: Fleet) {
    this.instanceIds = instanceIds;
    this.keyPairNames = keyPairNames;
  }

  /** Learns from an answer. */
  learn(body: string): void {
    keep(this.rolloutIds, /"rolloutId":"(ro-[a-z2-7]{26})"/.exec(body)?.[1]);
    keep(this.planDigests, /"planDigest":"(sha256:[0-9a-f]{64})"/.exec(body)?.[1]);
  }

  learnRequestId(id: string): void {
    keep(this.requestIds, id);
  }
}

/** How many are kept: the newest ones are enough. */
const MOST = 30;

function keep(list: string[], value: string | undefined): void {
  if (value === undefined || list.includes(value)) return;
  list.push(value);
  if (list.length > MOST) list.shift();
}

/** What a rollout id looks like. */
export const ROLLOUT_ID = /^ro-[a-z2-7]{26}$/;

/** What an order's id looks like. */
export const ORDER_ID = /^or-[a-z2-7]{26}$/;

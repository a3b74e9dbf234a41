import type { FunctionConfig } from './configuration.ts';

/** Every queue that triggers and destinations name, without duplicates. */
export function queuesOf(functions: readonly FunctionConfig[]): string[] {
  const names = functions.flatMap(({ triggers, async }) => [
    ...triggers.flatMap((trigger) => {
      if (trigger.kind === 'queue') return [trigger.queueName, trigger.deadLetterQueue];
      return trigger.kind === 'rule' ? [trigger.deadLetterQueue] : [];
    }),
    ...[async.onSuccess, async.onFailure].map((to) =>
      to?.kind === 'queue' ? to.queueName : undefined,
    ),
  ]);
  return [...new Set(names.filter((name) => name !== undefined))];
}

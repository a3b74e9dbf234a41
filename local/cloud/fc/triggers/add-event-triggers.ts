import type { EventBridge } from '../../eventbridge/index.ts';
import type { FunctionConfig } from '../configuration/configuration.ts';
import { ConfigError } from '../configuration/config-error.ts';

/**
 * Hands the rules and queue streams of a function to EventBridge.
 *
 * @throws {ConfigError} for a pattern that EventBridge refuses
 */
export function addEventTriggers(
  eventbridge: Pick<EventBridge, 'addRule' | 'addStream'>,
  { resource, functionName, triggers }: FunctionConfig,
): void {
  for (const trigger of triggers) {
    if (trigger.kind !== 'rule' && trigger.kind !== 'queue') continue;
    if (!trigger.enabled) continue;
    const common = {
      name: trigger.name,
      functionName,
      pattern: trigger.pattern,
      asyncInvocation: trigger.asyncInvocation,
      eventSchema: trigger.eventSchema,
      retry: trigger.retry,
      errorsTolerance: trigger.errorsTolerance,
      ...(trigger.deadLetterQueue !== undefined && { deadLetterQueue: trigger.deadLetterQueue }),
    };
    try {
      if (trigger.kind === 'rule') eventbridge.addRule(common);
      else {
        const { queueName, base64Decode, mode, batch } = trigger;
        eventbridge.addStream({ ...common, queueName, base64Decode, mode, batch });
      }
    } catch (error) {
      const place = `resources.${resource}.props.triggers "${trigger.name}"`;
      throw new ConfigError(place, `is refused: ${(error as Error).message}`);
    }
  }
}

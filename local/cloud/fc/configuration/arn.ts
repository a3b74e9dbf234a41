import type { Destination } from './configuration.ts';
import { ConfigError } from './config-error.ts';

const QUEUE = /^acs:(?:mns|smq):[^:]*:[^:]*:\/?queues\/([^/]+)(?:\/messages)?$/;
const FUNCTION = /^acs:fc:[^:]*:[^:]*:functions\/([^/]+)$/;

/** The queue of `acs:mns:<region>:<account>:queues/<name>`, with or without `/` and `/messages`. */
export function queueOfArn(arn: string, place: string): string {
  const queueName = QUEUE.exec(arn)?.[1];
  if (queueName === undefined) {
    throw new ConfigError(place, `names "${arn}": the local cloud emulates SMQ queues only`);
  }
  return queueName;
}

export function destinationOfArn(arn: string, place: string): Destination {
  const functionName = FUNCTION.exec(arn)?.[1];
  if (functionName !== undefined) return { kind: 'function', functionName };
  return { kind: 'queue', queueName: queueOfArn(arn, place) };
}

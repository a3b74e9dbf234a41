import type { RolloutView } from '../api/views.ts';
import { plain } from './text.ts';

type NextCall = RolloutView['nextCalls'][number];

/** What a person can do now, as commands. */
export function showNextCalls({ rolloutId, nextCalls }: RolloutView): string[] {
  if (nextCalls.length === 0) return [];
  const lines = nextCalls.map((call) => `  to ${plain(call.to)}: ${commandOf(rolloutId, call)}`);
  return ['what you can do:', ...lines];
}

function commandOf(rolloutId: string, { body }: NextCall): string {
  const { action } = body;
  if (action === 'go') return 'npx latchkey go';
  const as = typeof body['as'] === 'string' ? ` ${plain(body['as'])} --all` : '';
  return `npx latchkey ${plain(String(action))} ${rolloutId}${as}`;
}

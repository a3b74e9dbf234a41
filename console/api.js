/** What Latchkey answers, and what it refuses with: `problem` is its problem details. */
export class Refused extends Error {
  name = 'Refused';

  constructor(status, problem) {
    super(problem?.detail ?? `The answer is HTTP status ${status}`);
    this.status = status;
  }
}

/**
 * @param {string} path below the API, with its query
 * @param {AbortSignal} signal
 * @throws {Refused} for any status but 200
 * @throws {TypeError} when there is no answer
 */
export async function get(path, signal) {
  const answer = await fetch(`./api${path}`, { signal, cache: 'no-store' });
  const body = await answer.json().catch(() => undefined);
  if (answer.status !== 200) throw new Refused(answer.status, body);
  return body;
}

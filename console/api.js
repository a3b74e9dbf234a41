/** Latchkey refused a request. `problem` is the problem document of its answer. */
export class Refused extends Error {
  name = 'Refused';

  constructor(status, problem) {
    super(problem?.detail ?? `Latchkey answered with HTTP status ${status}`);
    this.status = status;
  }
}

/**
 * Sends a GET request to the API and returns the JSON of its answer.
 *
 * @param {string} path below the API, with the query string
 * @param {AbortSignal} signal
 * @throws {Refused} for any status but 200
 * @throws {TypeError} when no answer comes
 */
export async function get(path, signal) {
  const answer = await fetch(`./api${path}`, { signal, cache: 'no-store' });
  const body = await answer.json().catch(() => undefined);
  if (answer.status !== 200) throw new Refused(answer.status, body);
  return body;
}

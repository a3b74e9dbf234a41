/** Bytes that are not what the protocol says. It never leaves the client: it becomes `unavailable`. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/** Bytes that do not follow the protocol. Used inside the client only, which turns it into `unavailable`. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

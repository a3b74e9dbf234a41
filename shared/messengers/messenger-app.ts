/**
 * Latchkey's app on one platform, as a function is given it: the ids from the policy, and the secrets from the
 * environment, by their fields in the messenger's settings. A secret that the function does not need is left out.
 */
export interface MessengerApp {
  /** A loopback host, for tests and the local cloud. undefined: the platform's own hosts. */
  readonly endpoint?: string | undefined;
  readonly [field: string]: string | undefined;
}

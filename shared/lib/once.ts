/** Makes a value at the first call and keeps it, so that a cold start does not pay for what it does not need. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

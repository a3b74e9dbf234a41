/** Makes a value when it is first asked for, and never again: what is not needed costs a cold start nothing. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

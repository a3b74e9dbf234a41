/** The same port, except for these methods. */
export function withMethods<T extends object>(port: T, over: Partial<T>): T {
  return new Proxy(port, {
    get(target, key) {
      const own = Reflect.get(over, key);
      const value: unknown = own ?? Reflect.get(target, key);
      return typeof value === 'function' && own === undefined ? value.bind(target) : value;
    },
  });
}

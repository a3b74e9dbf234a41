/**
 * The default export of a CommonJS package that was compiled from an ES module. Node and esbuild give the
 * whole `module.exports` for it. vitest, and tsx for a dynamic import, give its `default`.
 */
export function cjsDefault<T>(imported: { readonly default: T }): T {
  return 'default' in imported ? imported.default : (imported as T);
}

/**
 * The default export of a CommonJS package that was compiled from a module. Node and esbuild hand
 * over the whole `module.exports`, vitest and tsx (for a dynamic import) its `default` already.
 */
export function cjsDefault<T>(imported: { readonly default: T }): T {
  return 'default' in imported ? imported.default : (imported as T);
}

/** What such a file is: a function that fills `module`, given what Node gives to a module. */
export type MakeModule = (
  exports: unknown,
  require: (id: string) => unknown,
  module: { exports: unknown },
  filename: string,
  dirname: string,
) => void;

/**
 * Goes around a file that is to be run from compiled code. As a script it is the function, as a module it
 * exports it, and both are the very same text: nothing is put together at a cold start. The brackets have
 * V8 compile it at once.
 */
export const WRAPPED = {
  banner: {
    js: '(typeof module === "object" ? module : {}).exports = (function (exports, require, module, __filename, __dirname) {',
  },
  footer: { js: '});' },
};

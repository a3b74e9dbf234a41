import { dirname, join } from 'node:path';
import type { Plugin } from 'esbuild';
import { readConsoleFiles } from '../../functions/attach/console-files.ts';

const MODULE = /[\\/]functions[\\/]attach[\\/]console-files\.ts$/;

/** Puts the texts of the console's files in the place of the module that reads them. */
export const pageFiles: Plugin = {
  name: 'page-files',
  setup(build) {
    build.onLoad({ filter: MODULE }, ({ path }) => {
      const files = readConsoleFiles(join(dirname(path), '../../console'));
      return {
        contents: `export const CONSOLE_FILES = new Map(${JSON.stringify(files)});`,
        loader: 'js',
      };
    });
  },
};

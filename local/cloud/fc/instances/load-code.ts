import { existsSync, readFileSync } from 'node:fs';
import { Module } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FunctionModule } from './run-call.ts';

/** The part of Node's loader that its types do not declare. */
interface Loader {
  filename: string;
  paths: string[];
  _compile(code: string, filename: string): void;
}

/**
 * Loads a function's file as it would be loaded in the cloud, where nothing lies above the code
 * folder: no package.json that makes it an ES module, no node_modules with what a bundle forgot.
 */
export async function loadCode(file: string): Promise<FunctionModule> {
  const folder = dirname(file);
  if (file.endsWith('.mjs') || isModuleFolder(folder)) {
    return (await import(pathToFileURL(file).href)) as FunctionModule;
  }
  const module = new Module(file);
  const loader = module as unknown as Loader;
  loader.filename = file;
  loader.paths = [join(folder, 'node_modules')];
  loader._compile(readFileSync(file, 'utf8'), file);
  return module.exports as FunctionModule;
}

function isModuleFolder(folder: string): boolean {
  const path = join(folder, 'package.json');
  if (!existsSync(path)) return false;
  return (JSON.parse(readFileSync(path, 'utf8')) as { type?: unknown }).type === 'module';
}

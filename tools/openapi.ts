import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApiDocument } from './openapi/document.ts';
import { playExamples } from './openapi/scenario.ts';

const ROOT = join(import.meta.dirname, '..');
const PATH = join(ROOT, 'openapi.json');

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  version: string;
};
const document = openApiDocument(await playExamples(), version);
writeFileSync(PATH, `${JSON.stringify(document, null, 2)}\n`);
console.log(`wrote openapi.json: ${Object.keys(document['paths'] as object).length} paths`);

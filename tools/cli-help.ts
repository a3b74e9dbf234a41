/**
 * `npm run cli-help`: writes the help of every command into docs/cli.md, between `<!-- help: <command> -->`
 * and `<!-- end -->`. A test fails while they differ.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { programOf } from '../cli/latchkey.ts';
import { realIo } from '../cli/real-io.ts';

export const PAGE = fileURLToPath(new URL('../docs/cli.md', import.meta.url));

const BLOCK = /<!-- help: ([a-z]+) -->\n[^]*?<!-- end -->/g;

/** What `npx latchkey <command> --help` prints, by command. `latchkey` itself comes first. */
export function helpTexts(): ReadonlyMap<string, string> {
  const program = programOf({ io: realIo('/'), exitStatus: 0, ids: [] });
  const all = [program, ...program.commands];
  return new Map(all.map((command) => [command.name(), helpOf(command)]));
}

/** `helpInformation` leaves out what `addHelpText` adds. */
function helpOf(command: ReturnType<typeof programOf>): string {
  let text = '';
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
  });
  command.outputHelp();
  return text;
}

/** The page with today's help. @throws {Error} when a block names a command that does not exist */
export function withHelp(page: string, helps: ReadonlyMap<string, string>): string {
  return page.replaceAll(BLOCK, (_block, name: string) => {
    const help = helps.get(name);
    if (help === undefined) throw new Error(`Cannot show the help of "${name}": no such command`);
    return `<!-- help: ${name} -->\n\n\`\`\`\n${help.trim()}\n\`\`\`\n\n<!-- end -->`;
  });
}

/** The commands that the page has a block for. */
export function shownIn(page: string): string[] {
  return [...page.matchAll(BLOCK)].map(([, name]) => name!);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(PAGE, withHelp(readFileSync(PAGE, 'utf8'), helpTexts()));
}

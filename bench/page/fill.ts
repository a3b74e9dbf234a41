/**
 * Puts each section between `<!-- name -->` and `<!-- /name -->` in the page.
 *
 * @throws {Error} when the page lacks these comments
 */
export function fill(page: string, sections: ReadonlyMap<string, string>): string {
  let filled = page;
  for (const [name, text] of sections) {
    const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const from = filled.indexOf(begin);
    const to = filled.indexOf(end);
    if (from < 0 || to < from)
      throw new Error(`Cannot show "${name}": the page has no place for it`);
    filled = `${filled.slice(0, from + begin.length)}\n\n${text}\n\n${filled.slice(to)}`;
  }
  return filled;
}

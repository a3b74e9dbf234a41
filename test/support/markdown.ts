/** The parts of a page that do not depend on its language. */
export interface Outline {
  /** The level of each heading. */
  readonly headings: readonly number[];
  /** Each fenced block, unchanged. */
  readonly blocks: readonly string[];
  /** All inline code, sorted, because the order of words differs between languages. */
  readonly codes: readonly string[];
  readonly images: readonly string[];
  readonly links: readonly string[];
  readonly tableRows: number;
  readonly listItems: number;
}

const FENCED = /^```.*\n[\s\S]*?^```$/gm;
const HEADING = /^(#+) (.*)$/gm;

export function outlineOf(page: string): Outline {
  const text = page.replace(FENCED, '');
  const targets = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, target]) => target!);
  return {
    headings: [...text.matchAll(HEADING)].map(([, marks]) => marks!.length),
    blocks: page.match(FENCED) ?? [],
    codes: targets(/`([^`]+)`/g).toSorted(),
    images: targets(/!\[[^\]]*\]\(([^)\s]+)\)/g),
    links: [
      ...targets(/(?<!!)\[[^\]]*\]\(([^)\s]+)\)/g),
      // A reference is a name in the text and a target at the end of the page.
      ...targets(/^\[[^\]]+\]: (\S+)$/gm),
    ],
    tableRows: (text.match(/^\|/gm) ?? []).length,
    listItems: (text.match(/^- /gm) ?? []).length,
  };
}

/** The anchors of the headings, as GitHub makes them. */
export function anchorsOf(page: string): string[] {
  const seen = new Map<string, number>();
  return [...page.replace(FENCED, '').matchAll(HEADING)].map(([, , title]) => {
    const slug = title!
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-');
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
}

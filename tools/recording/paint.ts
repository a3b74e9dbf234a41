export type Look = 'plain' | 'dim' | 'empty' | 'warn' | 'good' | 'head';

/** A piece of a line, from its column on. */
export type Piece =
  | { readonly kind: 'text'; readonly column: number; readonly text: string; readonly look: Look }
  /** Cells of a bar, or a rule: drawn, because not every font has them as wide as its letters. */
  | {
      readonly kind: 'bar' | 'rule';
      readonly column: number;
      readonly cells: number;
      readonly look: Look;
    };

/** Cells of the demo's bars: ready, running again, neither. */
const BARS: Readonly<Record<string, Look>> = { '█': 'good', '▒': 'warn', '░': 'empty' };

/** Words up to the next two spaces, cells of one kind, or a rule. */
const PIECES = /█+|▒+|░+|─+|[^\s█▒░─]+(?: [^\s█▒░─]+)*/g;

/** The demo prints no colours: these are the picture's. */
const WORDS: readonly (readonly [pattern: RegExp, look: Look])[] = [
  [/^\d+\.\d s$/, 'dim'],
  [/^warning: /, 'warn'],
  [
    /^(?:outcome|reason|restart|restart state|instances|call to ECS|count|when|what|detail)$/,
    'head',
  ],
  [/^Every instance ended/, 'good'],
];

/** What a line of the terminal is drawn of. */
export function piecesOf(line: string): Piece[] {
  return [...line.matchAll(PIECES)].map(({ 0: text, index: column }) => {
    const cells = text.length;
    const bar = BARS[text[0]!];
    if (bar !== undefined) return { kind: 'bar', column, cells, look: bar };
    if (text.startsWith('─')) return { kind: 'rule', column, cells, look: 'dim' };
    const look = WORDS.find(([pattern]) => pattern.test(text))?.[1] ?? 'plain';
    return { kind: 'text', column, text, look };
  });
}

export type Look = 'plain' | 'dim' | 'empty' | 'warn' | 'good' | 'head';

/** A piece of a line, and the column where it starts. */
export type Piece =
  | { readonly kind: 'text'; readonly column: number; readonly text: string; readonly look: Look }
  /** Cells of a bar, or a rule. They are drawn, because some fonts make them wider than letters. */
  | {
      readonly kind: 'bar' | 'rule';
      readonly column: number;
      readonly cells: number;
      readonly look: Look;
    };

/** The cells of the demo's bars: ready, running again, and neither. */
const BARS: Readonly<Record<string, Look>> = { '█': 'good', '▒': 'warn', '░': 'empty' };

/** Words up to two spaces in a row, cells of one kind, or a rule. */
const PIECES = /█+|▒+|░+|─+|[^\s█▒░─]+(?: [^\s█▒░─]+)*/g;

/** The colours of the picture. The demo prints none. */
const WORDS: readonly (readonly [pattern: RegExp, look: Look])[] = [
  [/^\d+\.\d s$/, 'dim'],
  [/^warning: /, 'warn'],
  [
    /^(?:outcome|reason|restart|restart state|instances|call to ECS|count|when|what|detail)$/,
    'head',
  ],
  [/^Every instance ended/, 'good'],
];

/** The pieces of a line of the terminal. */
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

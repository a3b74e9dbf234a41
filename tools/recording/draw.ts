import type { Cast } from './cast.ts';
import { type Look, type Piece, piecesOf } from './paint.ts';

/** How long it plays, and how long the last screen can be read: our own choice. */
const PLAY_SEC = 12;
const HOLD_SEC = 10;
/** It plays more than once for readers who scroll down late: our own choice. */
const TIMES = 3;

const CELL = 7.2;
const LINE = 16;
const FONT_PX = 12;
const PAD = 14;
const BAR = 28;
/** The background and its edge stand out on both the light and the dark page of GitHub. */
const BACK = '#161b22';
const EDGE = '#57606a';
const COLOURS: Readonly<Record<Look, string>> = {
  plain: '#d0d7de',
  dim: '#7d8590',
  empty: '#3d444d',
  warn: '#d9a62b',
  good: '#3fb950',
  head: '#79c0ff',
};

/**
 * An SVG that plays the recording with CSS, without scripts or fonts of its own. A viewer that does not
 * animate, or was told not to, shows the last screen.
 */
export function drawCast({ columns, rows, command, timestampSec, lines }: Cast): string {
  const factor = (lines.at(-1)?.atMs ?? 0) / 1_000 / PLAY_SEC;
  const texts = [{ atMs: 0, text: `$ ${command}` }, ...lines];
  const moments = momentsOf(texts.map(({ atMs }) => atMs / factor));
  const [width, height] = [Math.ceil(columns * CELL) + 2 * PAD, rows * LINE + BAR + PAD];
  const day = new Date(timestampSec * 1_000).toISOString().slice(0, 10);
  const said = `${command}, at ${factor.toFixed(1)} times its speed`;
  const shown = moments.map(({ from, to }, n) => {
    const drawn = texts.slice(from, to).map(({ text }, row) => drawLine(text, from + row));
    return `<g class="m${n}">\n${drawn.filter((text) => text !== '').join('\n')}\n</g>`;
  });
  const colours = Object.entries(COLOURS).map(([look, colour]) => `.${look}{fill:${colour}}`);
  const scroll = moments.map(({ atMs, to }) => ({ atMs, style: shifted(to - rows) }));
  const appear = moments.map(({ atMs }, n) =>
    play(`m${n}`, [
      { atMs: 0, style: 'visibility:hidden' },
      { atMs, style: 'visibility:visible' },
    ]),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title desc">
<title id="title">A recording of ${escape(command)}</title>
<desc id="desc">What ${escape(command)} printed on ${day}, at ${factor.toFixed(1)} times its speed. It ends: ${escape(lines.at(-1)?.text ?? '')}</desc>
<style>
text{font:${FONT_PX}px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
${colours.join('')}
.s{${shifted(texts.length - rows)}}
@media (prefers-reduced-motion:no-preference){
${[play('s', scroll), ...appear.slice(1)].join('\n')}
}
</style>
<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8" fill="${BACK}" stroke="${EDGE}"/>
<text x="${PAD}" y="18" class="dim">${escape(said)}</text>
<svg x="${PAD}" y="${BAR}" width="${width - 2 * PAD}" height="${rows * LINE}">
<g class="s">
${shown.join('\n')}
</g>
</svg>
</svg>
`;
}

/** Moves the text up by this many lines. */
function shifted(lines: number): string {
  return `transform:translateY(${-Math.max(0, lines) * LINE}px)`;
}

interface Moment {
  readonly atMs: number;
  /** The lines that appear: from `from`, up to but without `to`. */
  readonly from: number;
  readonly to: number;
}

interface Step {
  readonly atMs: number;
  readonly style: string;
}

/** Lines within one frame appear at once. */
const FRAME_MS = 50;

function momentsOf(playedMs: readonly number[]): Moment[] {
  const moments: Moment[] = [];
  for (const [line, atMs] of playedMs.entries()) {
    const last = moments.at(-1);
    if (last !== undefined && atMs - last.atMs < FRAME_MS)
      moments[moments.length - 1] = { ...last, to: line + 1 };
    else moments.push({ atMs, from: line, to: line + 1 });
  }
  return moments;
}

/** Each style lasts until the next one, so nothing slides. */
function play(name: string, steps: readonly Step[]): string {
  const totalMs = (PLAY_SEC + HOLD_SEC) * 1_000;
  const body = steps
    .filter(({ style }, n) => style !== steps[n - 1]?.style)
    .map(({ atMs, style }) => `${round((atMs / totalMs) * 100)}%{${style}}`)
    .join('');
  return `.${name}{animation:${name} ${totalMs / 1_000}s step-end ${TIMES}}@keyframes ${name}{${body}}`;
}

function drawLine(line: string, row: number): string {
  return piecesOf(line)
    .map((piece) => drawPiece(piece, row * LINE))
    .join('');
}

function drawPiece(piece: Piece, y: number): string {
  const x = round(piece.column * CELL);
  if (piece.kind === 'text') {
    return `<text x="${x}" y="${y + FONT_PX}" class="${piece.look}" textLength="${round(piece.text.length * CELL)}">${escape(piece.text)}</text>`;
  }
  const [down, height] = piece.kind === 'bar' ? [3, 10] : [8, 1];
  return `<rect x="${x}" y="${y + down}" width="${round(piece.cells * CELL)}" height="${height}" class="${piece.look}"/>`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (one) => ESCAPES[one]!);
}

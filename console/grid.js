import { el } from './dom.js';
import { STATES, stateOf, whyOf } from './states.js';
import { count } from './words.js';

/**
 * Shows every instance as a square, by wave. Tab reaches one square; the arrow keys reach the others.
 *
 * @param {readonly object[]} results
 * @param {string | undefined} chosen the instance whose details are shown
 * @param {(instanceId: string) => void} choose
 */
export function gridView(results, chosen, choose) {
  const waves = new Map();
  for (const result of results) {
    const wave = result.wave ?? 0;
    waves.set(wave, [...(waves.get(wave) ?? []), result]);
  }
  const first = chosen ?? results[0]?.instanceId;
  const sections = [...waves]
    .toSorted(([a], [b]) => (a || Infinity) - (b || Infinity))
    .map(([wave, members]) =>
      el(
        'section',
        { class: 'wave' },
        el('h3', {}, `${titleOf(wave, members)}, ${count(members.length, 'instance')}`),
        el(
          'div',
          {
            class: 'squares',
            role: 'group',
            'aria-label': titleOf(wave, members),
            onkeydown: move,
            onfocusin: keepInTabOrder,
          },
          ...members.map((result) => square(result, first, chosen, choose)),
        ),
      ),
    );
  return [legend(results), el('div', { class: 'waves' }, ...sections)];
}

function titleOf(wave, members) {
  if (wave > 0) return `Wave ${wave}`;
  return members.some(({ restart }) => restart !== undefined) ? 'No wave yet' : 'Not restarted';
}

function square(result, first, chosen, choose) {
  const { instanceId, name } = result;
  const state = stateOf(result);
  return el(
    'button',
    {
      type: 'button',
      id: `square-${instanceId}`,
      class: `square ${state.name}`,
      tabindex: instanceId === first ? '0' : '-1',
      'aria-pressed': String(instanceId === chosen),
      'aria-label': `${name ?? instanceId}: ${state.words}`,
      title: `${name ?? ''} ${instanceId}: ${state.words}`.trim(),
      onclick: () => choose(instanceId),
    },
    state.sign,
  );
}

/** Handles the arrow keys, Home and End. Up and down go to the nearest square of another line. */
function move(event) {
  const squares = [...event.currentTarget.closest('.grid').querySelectorAll('button.square')];
  const at = squares.indexOf(document.activeElement);
  const next = squares[nextOf(event.key, squares, at)];
  if (at < 0 || next === undefined) return;
  event.preventDefault();
  next.focus();
}

/** Tab returns to the square that had the focus last. */
function keepInTabOrder({ currentTarget, target }) {
  for (const square of currentTarget.closest('.grid').querySelectorAll('button.square')) {
    square.tabIndex = square === target ? 0 : -1;
  }
}

function nextOf(key, squares, at) {
  switch (key) {
    case 'ArrowRight':
      return at + 1;
    case 'ArrowLeft':
      return at - 1;
    case 'Home':
      return 0;
    case 'End':
      return squares.length - 1;
    case 'ArrowDown':
    case 'ArrowUp':
      return otherLine(squares, at, key === 'ArrowDown' ? 1 : -1);
    default:
      return -1;
  }
}

function otherLine(squares, at, direction) {
  const from = squares[at].getBoundingClientRect();
  let best = -1;
  let bestDistance = Infinity;
  for (const [index, other] of squares.entries()) {
    const box = other.getBoundingClientRect();
    const down = (box.top - from.top) * direction;
    if (down < 1) continue;
    const distance = down * 1_000 + Math.abs(box.left - from.left);
    if (distance >= bestDistance) continue;
    best = index;
    bestDistance = distance;
  }
  return best;
}

function legend(results) {
  const counts = new Map();
  for (const result of results) {
    const { name } = stateOf(result);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const entries = STATES.filter(({ name }) => counts.has(name)).map(({ name, sign, words }) =>
    el(
      'li',
      {},
      el('span', { class: `square ${name}`, 'aria-hidden': 'true' }, sign),
      ` ${words} `,
      el('b', {}, String(counts.get(name))),
    ),
  );
  return el('ul', { class: 'legend', 'aria-label': 'Counts by state' }, ...entries);
}

/** The details of one instance. */
export function detailsView(result) {
  if (result === undefined) {
    return [el('p', { class: 'quiet' }, 'Choose an instance to see its details.')];
  }
  const { restart } = result;
  const facts = [
    ['Name', result.name],
    ['Zone', result.zoneId],
    ['Group', result.group],
    ['Key pair before', result.previousKeyPairName],
    ['State', stateOf(result).words],
    ['Why', whyOf(result)],
    ['Restart', restart && `${restart.how}, ${restart.kind}`],
    ['Proof', restart?.proof],
    ['Request ID', restart?.requestId || result.requestId],
  ].filter(([, value]) => value);
  return [
    el('h3', {}, result.instanceId),
    el(
      'dl',
      {},
      ...facts.flatMap(([label, value]) => [el('dt', {}, label), el('dd', {}, String(value))]),
    ),
  ];
}

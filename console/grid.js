import { el } from './dom.js';
import { signOf, STATES, styleOf } from './states.js';
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
  const { instanceId, name, state } = result;
  return el(
    'button',
    {
      type: 'button',
      id: `square-${instanceId}`,
      class: `square ${styleOf(state)}`,
      tabindex: instanceId === first ? '0' : '-1',
      'aria-pressed': String(instanceId === chosen),
      'aria-label': `${name ?? instanceId}: ${state}`,
      title: `${name ?? ''} ${instanceId}: ${state}`.trim(),
      onclick: () => choose(instanceId),
    },
    signOf(state),
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
  for (const { state } of results) counts.set(state, (counts.get(state) ?? 0) + 1);
  const entries = STATES.filter(({ name }) => counts.has(name)).map(({ name, sign }) =>
    el(
      'li',
      {},
      el('span', { class: `square ${styleOf(name)}`, 'aria-hidden': 'true' }, sign),
      ` ${name} `,
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
    ['State', result.state],
    ['Why', result.why],
    ['What to do', result.advice],
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

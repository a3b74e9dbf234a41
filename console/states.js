/**
 * The states of an instance, in the order of the legend: problems come first. The sign tells states apart for
 * readers who cannot tell their colours apart.
 */
export const STATES = [
  { name: 'failed', sign: '✕' },
  { name: 'unknown', sign: '?' },
  { name: 'restarting', sign: '↻' },
  { name: 'to restart', sign: '·' },
  { name: 'waiting', sign: '…' },
  { name: 'ready', sign: '✓' },
  { name: 'attached', sign: '●' },
  { name: 'not restarted', sign: '○' },
  { name: 'skipped', sign: '–' },
];

/** The class of a state in console.css. */
export function styleOf(state) {
  return state.replaceAll(' ', '-');
}

/** A state that this page does not know gets the sign of the unknown. */
export function signOf(state) {
  return STATES.find(({ name }) => name === state)?.sign ?? '?';
}

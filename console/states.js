/**
 * What an instance is in the middle of, for colour, sign and words. In the order of the legend: what is
 * wrong comes first. The sign says it where a colour cannot be told.
 */
export const STATES = [
  { name: 'failed', sign: '✕', words: 'failed' },
  { name: 'unknown', sign: '?', words: 'nobody knows' },
  { name: 'restarting', sign: '↻', words: 'restarting' },
  { name: 'due', sign: '·', words: 'to be restarted' },
  { name: 'waiting', sign: '…', words: 'waiting' },
  { name: 'ready', sign: '✓', words: 'ready' },
  { name: 'attached', sign: '●', words: 'attached' },
  { name: 'dropped', sign: '○', words: 'not restarted' },
  { name: 'skipped', sign: '–', words: 'skipped' },
];

const BY_NAME = new Map(STATES.map((state) => [state.name, state]));

const OF_RESTART = {
  due: 'due',
  claimed: 'restarting',
  booting: 'restarting',
  ready: 'ready',
  failed: 'failed',
  unknown: 'unknown',
  dropped: 'dropped',
};

/** Of one element of `results`. */
export function stateOf({ kind, restart }) {
  // The restart counts once the key pair is bound.
  const isBound = kind === 'attached' || kind === 'skipped';
  const name = isBound && restart !== undefined ? OF_RESTART[restart.kind] : kind;
  return BY_NAME.get(name) ?? BY_NAME.get('unknown');
}

/** Why it is so, in one line; '' when there is nothing to say. */
export function whyOf({ reason, detail, code, message, restart, withheld, optOut }) {
  const parts = [
    reason,
    detail,
    code,
    message,
    restart?.reason,
    restart?.why,
    restart?.code,
    restart?.message,
    restart?.advice,
    withheld && `no restart: ${withheld}`,
    optOut && `its own tag: ${optOut}`,
  ];
  return [...new Set(parts.filter((part) => part))].join(' · ');
}

/**
 * The states of an instance, in the order of the legend: problems come first. The sign tells states apart for
 * readers who cannot tell their colours apart.
 */
export const STATES = [
  { name: 'failed', sign: '✕', words: 'failed' },
  { name: 'unknown', sign: '?', words: 'unknown' },
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

/** The state of one element of `results`. */
export function stateOf({ kind, restart }) {
  // The restart counts once the key pair is bound.
  const isBound = kind === 'attached' || kind === 'skipped';
  const name = isBound && restart !== undefined ? OF_RESTART[restart.kind] : kind;
  return BY_NAME.get(name) ?? BY_NAME.get('unknown');
}

/** The reasons for the state, in one line; '' when there are none. */
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
    optOut && `tag of the instance: ${optOut}`,
  ];
  return [...new Set(parts.filter((part) => part))].join(' · ');
}

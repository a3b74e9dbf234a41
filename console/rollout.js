import { el } from './dom.js';
import { detailsView, gridView } from './grid.js';
import { badge } from './list.js';
import { count, moment, span } from './words.js';

const WAITING = {
  approval: 'approval',
  paused: 'a person to resume it',
  halted: 'a person, because it halted',
  stopped: 'the global stop to be lifted',
  window: 'its window to open',
  freeze: 'the freeze to end',
  bake: 'the bake time of the wave before',
  gate: 'the health gate',
  budget: 'other instances to be ready again',
  group: 'other instances of the group to be ready again',
  unavailable: 'a failed call to work again',
};

/** One rollout: its progress, what it is waiting for, its instances and its history. */
export function rolloutView(rollout, chosen, choose, nowMs = Date.now()) {
  const { rolloutId, status, keyPair, note, undoes, breakGlass } = rollout;
  const result = rollout.results.find(({ instanceId }) => instanceId === chosen);
  return [
    el('p', { class: 'back' }, el('a', { href: '#/', id: 'back' }, '← All rollouts')),
    el('h1', {}, rolloutId, ' ', badge(status)),
    el(
      'p',
      {},
      `Key pair ${keyPair.name} (${keyPair.fingerprint})`,
      undoes ? `, undoing ${undoes}` : '',
      note ? `: ${note}` : '',
    ),
    ...(breakGlass
      ? [el('p', { class: 'loud' }, `Break-glass by ${breakGlass.by}: ${breakGlass.reason}`)]
      : []),
    el('div', { class: 'progress' }, ...progress(rollout, nowMs)),
    ...warnings(rollout),
    el('h2', {}, 'Instances'),
    el(
      'div',
      { class: 'grid' },
      el('div', {}, ...gridView(rollout.results, chosen, choose)),
      el('aside', { 'aria-live': 'polite' }, ...detailsView(result)),
    ),
    el('h2', {}, 'History'),
    timeline(rollout.history),
  ];
}

function progress(rollout, nowMs) {
  const { wave, budget, waitingFor, waitingUntilMs, expectedEndMs, control, results } = rollout;
  const total = results.filter(({ restart }) => restart !== undefined).length;
  const ready = results.filter((one) => one.state === 'ready').length;
  const lines = [
    el(
      'p',
      {},
      el('label', { for: 'bar' }, `${ready} of ${count(total, 'restart')} ready `),
      el('progress', { id: 'bar', max: String(Math.max(1, total)), value: String(ready) }),
      ` wave ${wave.current} of ${wave.of}`,
    ),
    el(
      'p',
      { class: 'quiet' },
      `At most ${budget.limit} down at once, ${budget.unavailable} now; `,
      `${count(budget.failures, 'failure')}, halts at ${budget.haltAfter}`,
    ),
  ];
  if (waitingFor) {
    const until = waitingUntilMs === null ? '' : `, until ${moment(waitingUntilMs, nowMs)}`;
    lines.push(
      el('p', { class: 'loud' }, `Waiting for ${WAITING[waitingFor] ?? waitingFor}${until}`),
    );
  }
  if (control.kind !== 'going') {
    const by = control.by === '' ? '' : ` by ${control.by}`;
    lines.push(el('p', { class: 'loud' }, `${control.kind}${by}: ${control.cause}`));
  }
  if (expectedEndMs !== null && rollout.status !== 'done') {
    lines.push(
      el(
        'p',
        {},
        `Ends in about ${span(expectedEndMs - nowMs)}, at ${moment(expectedEndMs, nowMs)}`,
      ),
    );
  }
  if (rollout.nextCalls.length > 0) {
    lines.push(
      el(
        'details',
        {},
        el('summary', { id: 'calls' }, 'Possible next requests'),
        el(
          'ul',
          {},
          ...rollout.nextCalls.map((call) => el('li', {}, el('code', {}, textOf(call)))),
        ),
      ),
    );
  }
  return lines;
}

function textOf(call) {
  return typeof call === 'string' ? call : JSON.stringify(call);
}

function warnings({ warnings: all }) {
  if (all.length === 0) return [];
  return [el('ul', { class: 'warnings' }, ...all.map((text) => el('li', {}, text)))];
}

/** Newest first. */
function timeline(history) {
  const entries = history
    .toReversed()
    .map(({ atMs, what, count: many, detail, by, requestId }) =>
      el(
        'li',
        {},
        el('time', { datetime: new Date(atMs).toISOString() }, moment(atMs)),
        el('b', {}, what),
        many > 0 ? ` ${count(many, 'instance')}` : '',
        detail ? ` ${detail}` : '',
        by ? ` by ${by}` : '',
        requestId ? el('code', {}, ` ${requestId}`) : '',
      ),
    );
  return el('ol', { class: 'timeline' }, ...entries);
}

import { get, Refused } from './api.js';
import { el, show } from './dom.js';
import { listView } from './list.js';
import { rolloutView } from './rollout.js';

/** How often the page refreshes: our own choice, for waves of about a minute. */
const EVERY_MS = 2_000;
/** The pause after a failed refresh: our own choice. */
const AFTER_TROUBLE_MS = 10_000;

const main = document.getElementById('main');
const live = document.getElementById('live');
const stop = document.getElementById('stop');

/** The instance whose details are open. */
let chosen;
/** What the page shows: a rollout with its id, or the list with id ''. */
let shown;
let asking = new AbortController();
let timer;

function route() {
  const id = location.hash.replace(/^#\/?/, '');
  return /^ro-[a-z2-7]{26}$/.test(id) ? id : '';
}

/** Loads and shows what the address names, and repeats that while the page is visible. */
async function refresh() {
  clearTimeout(timer);
  asking.abort();
  if (document.hidden) return;
  const mine = (asking = new AbortController());
  const id = route();
  let againMs = EVERY_MS;
  try {
    const [stopped, body] = await Promise.all([
      get('/stop', mine.signal),
      get(id === '' ? '/rollouts?limit=50' : `/rollouts/${id}`, mine.signal),
    ]);
    // A newer refresh has begun, perhaps for another rollout.
    if (mine.signal.aborted) return;
    // Until now a click could still choose an instance of the rollout before.
    if (shown?.id !== id) chosen = undefined;
    shown = { id, body };
    draw();
    sayStop(stopped.stop);
    say('up to date', 'ok');
  } catch (error) {
    if (mine.signal.aborted) return;
    againMs = AFTER_TROUBLE_MS;
    const why = error instanceof Refused ? error.message : 'Latchkey does not answer';
    say(`${why}. Trying again every ${AFTER_TROUBLE_MS / 1_000} s.`, 'trouble');
    const isMissing = error instanceof Refused && error.status === 404;
    if (isMissing || shown?.id !== id) {
      shown = undefined;
      document.title = 'Latchkey';
      show(
        main,
        el(
          'h1',
          {},
          isMissing
            ? 'No such rollout'
            : `Cannot show ${id === '' ? 'the rollouts' : 'this rollout'}`,
        ),
        el('p', {}, el('a', { href: '#/' }, 'All rollouts')),
      );
    }
  }
  timer = setTimeout(() => void refresh(), againMs);
}

function draw() {
  const { id, body } = shown;
  document.title = id === '' ? 'Latchkey' : `${body.status}: ${id} · Latchkey`;
  show(main, ...(id === '' ? listView(body) : rolloutView(body, chosen, choose)));
}

function choose(instanceId) {
  chosen = chosen === instanceId ? undefined : instanceId;
  draw();
}

function say(text, kind) {
  live.textContent = text;
  live.className = `live ${kind}`;
}

function sayStop(stopped) {
  stop.textContent = stopped === null ? '' : `Stopped by ${stopped.by}: ${stopped.reason}`;
}

window.addEventListener('hashchange', () => {
  main.focus();
  void refresh();
});
document.addEventListener('visibilitychange', () => void refresh());
void refresh();

import { get, Refused } from './api.js';
import { el, show } from './dom.js';
import { listView } from './list.js';
import { rolloutView } from './rollout.js';

/** Our own choice: a wave takes a minute or so, and nobody reads faster. */
const EVERY_MS = 2_000;
/** After answers that failed the next one is not asked for at once. */
const AFTER_TROUBLE_MS = 10_000;

const main = document.getElementById('main');
const live = document.getElementById('live');
const stop = document.getElementById('stop');

let chosen;
let shown;
let asking = new AbortController();
let timer;

function route() {
  const id = location.hash.replace(/^#\/?/, '');
  return /^ro-[a-z2-7]{26}$/.test(id) ? id : '';
}

/** Asks and shows, again and again, as long as somebody can see it. */
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
    if (mine.signal.aborted) return;
    shown = { id, body };
    draw();
    sayStop(stopped.stop);
    say(`up to date`, 'ok');
  } catch (error) {
    if (mine.signal.aborted) return;
    againMs = AFTER_TROUBLE_MS;
    const why = error instanceof Refused ? error.message : 'Latchkey does not answer';
    say(`${why}; asks again`, 'trouble');
    if (error instanceof Refused && error.status === 404) {
      show(
        main,
        el('h1', {}, 'No such rollout'),
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
  chosen = undefined;
  main.focus();
  void refresh();
});
document.addEventListener('visibilitychange', () => void refresh());
void refresh();

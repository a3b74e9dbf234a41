import { askFirst } from './confirm.js';
import { byId, element } from './dom.js';
import { messageItem } from './message.js';

const TITLES = { slack: 'Slack', dingtalk: 'DingTalk', feishu: 'Feishu' };
const PREFIXES = { slack: '/latchkey', dingtalk: '@Latchkey', feishu: '@Latchkey' };
const TOAST_MS = 6_000;

const tabs = [...document.querySelectorAll('[role=tab]')];
const list = byId('messages');
const log = byId('log');

/** By platform and id, in the order in which they came. */
let messages = new Map();
let members = [];
let platform = TITLES[location.hash.slice(1)] === undefined ? 'slack' : location.hash.slice(1);
let person = '';

const key = (message) => `${message.platform} ${message.id}`;
const isShown = (message) =>
  message.platform === platform && (message.onlyFor === null || message.onlyFor === person);

function item(message) {
  return messageItem(message, {
    person,
    nameOf: (who) => {
      const account = who.replace(/^@/, '');
      return (
        members.find(({ accounts }) => accounts[platform] === account)?.id ??
        account.replace('!', '')
      );
    },
    press: async (button, confirm) => {
      if (confirm === undefined || (await askFirst(confirm))) {
        await post('/chat/press', { platform, person, messageId: message.id, button });
      }
    },
  });
}

function showAll() {
  list.replaceChildren(...[...messages.values()].filter(isShown).map(item));
  byId('empty').hidden = list.childElementCount > 0;
  scrollToEnd();
}

function showOne(message) {
  const isNew = !messages.has(key(message));
  messages.set(key(message), message);
  if (!isShown(message)) return;
  const wasAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const old = [...list.children].find(({ dataset }) => dataset.id === message.id);
  const made = item(message);
  if (old === undefined) list.append(made);
  else {
    // Whoever stands on a button of the card stays on it.
    const focused = [...old.querySelectorAll('button')].indexOf(document.activeElement);
    old.replaceWith(made);
    if (focused >= 0) made.querySelectorAll('button')[focused]?.focus({ preventScroll: true });
  }
  byId('empty').hidden = true;
  if (wasAtEnd || (isNew && message.author === person)) scrollToEnd();
}

function scrollToEnd() {
  log.scrollTop = log.scrollHeight;
}

let toastTimer;
function toast(text, tone) {
  const shown = byId('toast');
  shown.textContent = text;
  shown.dataset.tone = tone;
  shown.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (shown.hidden = true), TOAST_MS);
}

async function post(path, body) {
  try {
    const reply = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!reply.ok) toast((await reply.json()).detail, 'error');
  } catch {
    toast('The local chat does not answer: is npm start still running?', 'error');
  }
}

function choosePlatform(chosen) {
  platform = chosen;
  document.body.dataset.platform = platform;
  for (const tab of tabs) {
    const isChosen = tab.dataset.platform === platform;
    tab.setAttribute('aria-selected', String(isChosen));
    tab.tabIndex = isChosen ? 0 : -1;
  }
  log.setAttribute('aria-labelledby', `tab-${platform}`);
  byId('prefix').textContent = PREFIXES[platform];
  history.replaceState(null, '', `#${platform}`);
  showAll();
}

function choosePerson(chosen) {
  person = chosen;
  showAll();
}

for (const [index, tab] of tabs.entries()) {
  tab.addEventListener('click', () => choosePlatform(tab.dataset.platform));
  tab.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = tabs.at((index + step) % tabs.length);
    next.focus();
    choosePlatform(next.dataset.platform);
  });
}

byId('person').addEventListener('change', (event) => choosePerson(event.target.value));

/** What was sent before, newest last: the arrow keys bring it back. */
const sent = [];
let place = 0;
byId('text').addEventListener('keydown', (event) => {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (step === undefined || sent.length === 0) return;
  event.preventDefault();
  place = Math.max(0, Math.min(sent.length, place + step));
  event.target.value = sent[place] ?? '';
});

byId('composer').addEventListener('submit', (event) => {
  event.preventDefault();
  const text = byId('text').value.trim();
  if (text === '') return;
  byId('text').value = '';
  sent.push(text);
  place = sent.length;
  void post('/chat/say', { platform, person, text });
});

const events = new EventSource('/chat/events');
const link = byId('link');
events.addEventListener('open', () => (link.textContent = ''));
events.addEventListener('error', () => (link.textContent = '· not connected'));
events.addEventListener('snapshot', ({ data }) => {
  const snapshot = JSON.parse(data);
  members = snapshot.members;
  messages = new Map(snapshot.messages.map((message) => [key(message), message]));
  byId('channel').textContent = `# ${snapshot.channel}`;
  if (person === '') {
    person = members[0].id;
    byId('person').replaceChildren(
      ...members.map(({ id }) => element('option', { value: id }, id)),
    );
  }
  choosePlatform(platform);
  document.body.dataset.ready = 'yes';
});
events.addEventListener('change', ({ data }) => {
  const change = JSON.parse(data);
  if (change.kind === 'message') showOne(change.message);
  else if (change.kind === 'removed') {
    messages.delete(key(change));
    showAll();
  } else if (change.platform === platform && change.onlyFor === person) {
    toast(change.text, change.tone);
  }
});

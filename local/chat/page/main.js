import { askFirst } from './confirm.js';
import { byId, element } from './dom.js';
import { messageItem } from './message.js';

const TOAST_MS = 6_000;

const tabs = [...document.querySelectorAll('[role=tab]')];
const list = byId('messages');
const log = byId('log');

/** All messages by platform and id, oldest first. */
let messages = new Map();
let members = [];

/** The chosen platform and person. */
let chosen = {
  platform: tabs.some(({ id }) => id === `tab-${location.hash.slice(1)}`)
    ? location.hash.slice(1)
    : 'slack',
  person: '',
};

const key = (message) => `${message.platform} ${message.id}`;
const isShown = ({ platform, onlyFor }) =>
  platform === chosen.platform && (onlyFor === null || onlyFor === chosen.person);

function item(message) {
  const { platform, person } = chosen;
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
      // Fixed now: while the dialog is open, another person can be chosen and the message edited.
      const pressed = { platform, person, messageId: message.id, edits: message.edits, button };
      if (confirm === undefined || (await askFirst(confirm))) await post('/chat/press', pressed);
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
    // A focused button of the message stays focused.
    const focused = [...old.querySelectorAll('button')].indexOf(document.activeElement);
    old.replaceWith(made);
    if (focused >= 0) made.querySelectorAll('button')[focused]?.focus({ preventScroll: true });
  }
  byId('empty').hidden = true;
  if (wasAtEnd || (isNew && message.author === chosen.person)) scrollToEnd();
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
  toastTimer = setTimeout(hideToast, TOAST_MS);
}

function hideToast() {
  byId('toast').hidden = true;
}

/** Shows a failure only while the person and platform that asked are still chosen. */
async function post(path, body) {
  const isCurrent = () => body.platform === chosen.platform && body.person === chosen.person;
  try {
    const reply = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (reply.ok) return;
    const { detail } = await reply.json();
    if (isCurrent()) toast(detail, 'error');
  } catch {
    if (isCurrent()) toast('The local chat does not answer: is npm start still running?', 'error');
  }
}

function choose(changes) {
  const before = chosen;
  chosen = { ...chosen, ...changes };
  // A toast is for one person on one platform.
  if (before.platform !== chosen.platform || before.person !== chosen.person) hideToast();
  const { platform } = chosen;
  document.body.dataset.platform = platform;
  for (const tab of tabs) {
    const isChosen = tab.dataset.platform === platform;
    tab.setAttribute('aria-selected', String(isChosen));
    tab.tabIndex = isChosen ? 0 : -1;
  }
  log.setAttribute('aria-labelledby', `tab-${platform}`);
  byId('prefix').textContent = platform === 'slack' ? '/latchkey' : '@Latchkey';
  history.replaceState(null, '', `#${platform}`);
  showAll();
}

for (const [index, tab] of tabs.entries()) {
  tab.addEventListener('click', () => choose({ platform: tab.dataset.platform }));
  tab.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = tabs.at((index + step) % tabs.length);
    next.focus();
    choose({ platform: next.dataset.platform });
  });
}

byId('person').addEventListener('change', (event) => choose({ person: event.target.value }));

/** Earlier lines, newest last. The arrow keys bring them back. */
const sent = [];
let position = 0;
byId('text').addEventListener('keydown', (event) => {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (step === undefined || sent.length === 0) return;
  event.preventDefault();
  position = Math.max(0, Math.min(sent.length, position + step));
  event.target.value = sent[position] ?? '';
});

byId('composer').addEventListener('submit', (event) => {
  event.preventDefault();
  const text = byId('text').value.trim();
  if (text === '') return;
  byId('text').value = '';
  sent.push(text);
  position = sent.length;
  void post('/chat/say', { ...chosen, text });
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
  let { person } = chosen;
  if (person === '') {
    person = members[0].id;
    byId('person').replaceChildren(
      ...members.map(({ id }) => element('option', { value: id }, id)),
    );
  }
  choose({ person });
  document.body.dataset.ready = 'yes';
});
events.addEventListener('change', ({ data }) => {
  const change = JSON.parse(data);
  if (change.kind === 'message') showOne(change.message);
  else if (change.kind === 'removed') {
    messages.delete(key(change));
    showAll();
  } else if (change.platform === chosen.platform && change.onlyFor === chosen.person) {
    toast(change.text, change.tone);
  }
});

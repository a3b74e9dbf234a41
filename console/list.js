import { el } from './dom.js';
import { count, moment } from './words.js';

/** The newest rollouts. */
export function listView({ rollouts, next }) {
  const heading = el('h1', {}, 'Rollouts');
  if (rollouts.length === 0) {
    return [heading, el('p', {}, 'There are no rollouts yet.')];
  }
  const rows = rollouts.map(row);
  const more = next === null ? [] : [el('p', { class: 'quiet' }, 'Older rollouts are not shown.')];
  return [
    heading,
    el(
      'table',
      { class: 'rollouts' },
      el(
        'thead',
        {},
        el(
          'tr',
          {},
          ...['Rollout', 'Status', 'Key pair', 'Instances', 'Requested', 'Note'].map((title) =>
            el('th', { scope: 'col' }, title),
          ),
        ),
      ),
      el('tbody', {}, ...rows),
    ),
    ...more,
  ];
}

function row(rollout) {
  const { rolloutId, status, keyPair, totalCount, failCount, unknownCount, createdAtMs, note } =
    rollout;
  const trouble = [
    failCount > 0 ? `${failCount} failed` : '',
    unknownCount > 0 ? `${unknownCount} unknown` : '',
  ].filter((text) => text !== '');
  const cell = (label, ...children) => el('td', { 'data-label': label }, ...children);
  return el(
    'tr',
    {},
    el(
      'th',
      { scope: 'row' },
      el('a', { href: `#/${rolloutId}`, id: `to-${rolloutId}` }, rolloutId),
    ),
    cell('Status', badge(status), ...(rollout.breakGlass ? [' ', badge('break-glass')] : [])),
    cell('Key pair', keyPair.name),
    cell('Instances', [count(totalCount, 'instance'), ...trouble].join(', ')),
    cell('Requested', moment(createdAtMs)),
    cell('Note', note),
  );
}

export function badge(status) {
  return el('span', { class: `badge ${status}` }, status);
}

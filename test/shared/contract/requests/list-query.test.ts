import { test } from 'vitest';
import { cursorOf, parseListQuery } from '../../../../shared/contract/requests/list-query.ts';

const ENTRY = { rolloutId: 'ro-aaaaaaaaaaaaaaaaaaaaaaaaaa', createdAtMs: 1_790_000_000_000 };

test('what is left out has the documented default', ({ expect }) => {
  expect(parseListQuery({})).toEqual({ limit: 20, after: undefined });
});

test('a cursor leads back to where the list was left, and fits into a URL', ({ expect }) => {
  const after = cursorOf(ENTRY);
  expect(after).toMatch(/^[A-Za-z0-9_-]+$/);
  expect(parseListQuery({ limit: '7', after })).toEqual({ limit: 7, after: ENTRY });
});

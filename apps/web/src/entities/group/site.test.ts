import { expect, test } from 'vitest';
import { countsAt, groupIdsOf, siteFor } from './site.ts';

const both = { groupId: 'a', groupIds: ['a', 'b'] };

test.each([
  ['the study’s, where it is one of theirs', both, 'b', 'b'],
  ['the main one’s for a study of another group', both, 'c', 'a'],
  ['the main one’s for a study of none', both, 'none', 'a'],
  ['the main one’s where nothing is said', both, undefined, 'a'],
  ['the installation’s for who is in none', { groupId: null, groupIds: [] }, 'a', null],
  ['the one that an answer of before knows', { groupId: 'a' }, 'a', 'a'],
] as const)('the site whose rules count is %s', (_, user, groupId, site) => {
  expect(siteFor(user, groupId)).toBe(site);
});

test('one’s own and the installation’s count everywhere, a site’s at that site', () => {
  expect([null, 'a', 'b'].map((siteId) => countsAt('a', { siteId }))).toEqual([true, true, false]);
  expect(groupIdsOf({ groupId: null })).toEqual([]);
});

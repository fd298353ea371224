import type { Study } from '@negatoscope/contract';
import { beforeEach, describe, expect, test } from 'vitest';
import { queryClient } from '../../api/query-client.ts';
import { studyOf } from '../../test/rows-fixture.ts';
import { hideStudies, showChange, showStudies } from './cached.ts';

const LIST = ['studies', 'list', { sort: '-studyDate' }];
const ELSEWHERE = ['studies', 'of-patient'];
const [first, second, third] = [1, 2, 3].map((number) => studyOf(number)) as [Study, Study, Study];

const pages = (): Study[][] =>
  queryClient.getQueryData<{ pages: { items: Study[] }[] }>(LIST)?.pages.map(({ items }) => items) ?? [];
const page = (): Study[] => queryClient.getQueryData<{ items: Study[] }>(ELSEWHERE)?.items ?? [];

beforeEach(() => {
  queryClient.clear();
  queryClient.setQueryData(LIST, { pages: [{ items: [first, second] }, { items: [third] }], pageParams: [null, 'next'] });
  queryClient.setQueryData(ELSEWHERE, { items: [second] });
  queryClient.setQueryData(['patients', 'list'], { items: [second] });
});

describe('rows of lists that are kept', () => {
  test('change where they stand, in every list that has them, and in no other kind of list', () => {
    const now: Study = { ...second, status: 'VALIDATED' };
    showStudies([now]);
    expect(pages()).toEqual([[first, now], [third]]);
    expect(page()).toEqual([now]);
    expect(queryClient.getQueryData(['patients', 'list'])).toEqual({ items: [second] });
  });

  test('stay the very same where nothing changed, so that nothing is drawn again', () => {
    const [list, other] = [queryClient.getQueryData(LIST), queryClient.getQueryData(ELSEWHERE)];
    showStudies([{ ...second }, studyOf(9)]);
    hideStudies(['nobody']);
    showChange(new Set(), (study) => ({ ...study, status: 'ARCHIVED' }));
    expect(queryClient.getQueryData(LIST)).toBe(list);
    expect(queryClient.getQueryData(ELSEWHERE)).toBe(other);
  });

  test('of pages without a change are not made anew', () => {
    const [, untouched] = queryClient.getQueryData<{ pages: object[] }>(LIST)?.pages ?? [];
    showStudies([{ ...first, status: 'IN_PROGRESS' }]);
    expect(queryClient.getQueryData<{ pages: object[] }>(LIST)?.pages[1]).toBe(untouched);
  });

  test('go where their study went out of reach', () => {
    hideStudies([second.id, third.id]);
    expect(pages()).toEqual([[first], []]);
    expect(page()).toEqual([]);
  });

  test('show a change of one’s own at once', () => {
    showChange(new Set([first.id, third.id]), (study) => ({ ...study, urgency: 'STAT' }));
    expect(
      pages()
        .flat()
        .map(({ urgency }) => urgency),
    ).toEqual(['STAT', second.urgency, 'STAT']);
  });

  test('that were never asked for are not made up', () => {
    queryClient.clear();
    showStudies([second]);
    hideStudies([first.id]);
    expect(queryClient.getQueriesData({ queryKey: ['studies'] })).toEqual([]);
  });
});

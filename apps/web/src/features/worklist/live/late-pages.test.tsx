import type { Study } from '@negatoscope/contract';
import { act, renderHook, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { queryClient } from '../../../api/query-client.ts';
import type { Page } from '../../../api/use-cursor-list.ts';
import { studyOf } from '../../../test/rows-fixture.ts';
import { pagesInView, useLatePages } from './late-pages.ts';

const at = (scrollTop: number) => ({ scrollTop, clientHeight: 360, scrollHeight: 36_000 });

test('tells which pages of a list are in view, also where rows of some went meanwhile', () => {
  const ten = Array.from({ length: 10 }, () => 100);
  expect(pagesInView(at(0), ten)).toEqual([0]);
  expect(pagesInView(at(3_500), ten)).toEqual([0, 1]);
  expect(pagesInView(at(36_000 - 360), ten)).toEqual([9]);
  expect(pagesInView(at(18_000), [100, 0, 400, 500])).toEqual([3]);
  expect(pagesInView(at(18_000), [])).toEqual([]);
  expect(pagesInView({ scrollTop: 0, clientHeight: 0, scrollHeight: 0 }, [0])).toEqual([]);
});

test('what was missed for an hour far down a list is caught up with where one is, and further on as one comes there', async () => {
  const key = ['studies', 'list', 'late'];
  // Twelve pages of three rows; in the meantime one of each was validated and another went.
  const rows = (page: number) => [1, 2, 3].map((row) => studyOf(page * 3 + row));
  const pages = Array.from({ length: 12 }, (_, page) => ({
    items: rows(page),
    nextCursor: `${page + 1}`,
    total: 36,
    totalIsExact: true,
  }));
  queryClient.setQueryData(key, { pages, pageParams: pages.map((_, page) => (page === 0 ? undefined : `${page}`)) });
  const asked: (string | undefined)[] = [];
  const fetchPage = async (cursor: string | undefined): Promise<Page<Study>> => {
    asked.push(cursor);
    const [first, , last] = rows(Number(cursor)) as [Study, Study, Study]; // Three.
    const next = studyOf((Number(cursor) + 1) * 3 + 1);
    return { items: [{ ...first, status: 'VALIDATED' }, last, next], nextCursor: 'x', total: 35, totalIsExact: true };
  };
  const grid = document.createElement('div');
  for (const [name, value] of Object.entries(at(36_000 - 360))) Object.defineProperty(grid, name, { value, configurable: true });
  document.body.append(grid);
  const latest = { current: { key, fetchPage, gridRef: { current: grid } } };
  const { result, unmount } = renderHook(() => useLatePages(latest));
  const shown = (page: number): (string | undefined)[] =>
    (queryClient.getQueryData<{ pages: Page<Study>[] }>(key)?.pages[page]?.items ?? []).map(({ status }) => status);

  act(() => result.current(10));
  await waitFor(() => expect(shown(11)).toEqual(['VALIDATED', 'TO_READ']));
  expect([asked, shown(10)]).toEqual([['11'], ['TO_READ', 'TO_READ', 'TO_READ']]);
  Object.defineProperty(grid, 'scrollTop', { value: 31_000 });
  grid.dispatchEvent(new Event('scroll'));
  await waitFor(() => expect(shown(10)).toEqual(['VALIDATED', 'TO_READ']));
  grid.dispatchEvent(new Event('scroll'));
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(asked).toEqual(['11', '10']);
  unmount();
  grid.remove();
});

import type { Study } from '@negatoscope/contract';
import { call } from '../../api/client.ts';
import { type CursorList, type Page, useCursorList } from '../../api/use-cursor-list.ts';
import { listFilterOf } from '../../entities/study/list-filter.ts';
import type { studySearch } from '../../routing/search-params.ts';

export type Search = ReturnType<typeof studySearch>;
/** Reading one study may take as long, and its row is to be there afterwards. */
const KEPT_MS = 60 * 60_000;
export const PAGE_ROWS = 100;

export type FetchPage = (cursor: string | undefined, signal?: AbortSignal) => Promise<Page<Study>>;
interface Asked {
  readonly key: readonly unknown[];
  readonly fetchPage: FetchPage;
}

/** What the filters of the address ask the server for. */
export function askedOf(search: Search): Asked {
  const filters = { ...listFilterOf(search), sort: search.sort ?? ('-studyDate' as const) };
  return {
    key: ['studies', 'list', filters],
    fetchPage: (cursor, signal) =>
      call('listStudies', {
        query: { ...filters, limit: PAGE_ROWS, cursor },
        ...(signal === undefined ? {} : { signal }),
      }),
  };
}

export function useStudies({ key, fetchPage }: Asked): CursorList<Study> {
  return useCursorList(key, (cursor, signal) => fetchPage(cursor, signal), { keptMs: KEPT_MS });
}

import type { Study } from '@negatoscope/contract';
import { call } from '../../api/client.ts';
import { type CursorList, type Page, useCursorList } from '../../api/use-cursor-list.ts';
import { daysBefore, today } from '../../i18n/format.ts';
import { RANGE_DAYS, type studySearch } from '../../routing/search-params.ts';

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
export function askedOf({ q, sort, status, modality, range, urgency, assignee, label, site, prior }: Search): Asked {
  const filters = {
    ...{ q, status, modality, urgency, assignee, label, groupId: site },
    sort: sort ?? ('-studyDate' as const),
    from: range === undefined ? undefined : daysBefore(today(), RANGE_DAYS[range]),
    prior: prior === undefined ? undefined : prior === 'only',
  };
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

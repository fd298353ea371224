import type { ListView, ListViewContent, Study } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { call } from '../../../api/client.ts';
import { ApiError, errorText } from '../../../api/error.ts';
import { queryClient } from '../../../api/query-client.ts';
import { listViewsQuery } from '../../../entities/study/list-views.ts';
import { useAllStudyColumns } from '../../../entities/study/study-columns.tsx';
import { currentLocale, text } from '../../../i18n/index.ts';
import { studySearch } from '../../../routing/search-params.ts';
import type { Column } from '../../../ui/column.ts';
import { showToast } from '../../../ui/toast.tsx';
import type { Change } from '../filters.tsx';
import type { Search } from '../use-studies.ts';
import { type Layout, laidOut } from './layout.ts';

const NONE: ListViewContent = { columns: null, sort: null, filters: {} };

export interface Views {
  /** Those with a name: one's own, and shared ones. */
  readonly named: readonly ListView[];
  readonly all: readonly Column<Study>[];
  readonly columns: readonly Column<Study>[];
  readonly layout: Layout;
  readonly use: (view: ListView) => void;
  /** Null: as at first. */
  readonly setLayout: (layout: Layout | null) => void;
  /** False where it failed, which has been told. */
  readonly save: (named: { readonly name: string; readonly siteId: string | null | 'me' }) => Promise<boolean>;
  readonly remove: (view: ListView) => Promise<void>;
}

/** Asks for the views anew. */
export const refreshViews = (): Promise<void> => queryClient.invalidateQueries({ queryKey: listViewsQuery.queryKey });

/** The filters of the address by their names, without the order. */
const filtersOf = ({ sort: _sort, ...filters }: Search): Record<string, string> =>
  Object.fromEntries(Object.entries(filters).map(([name, value]) => [name, String(value)]));

/** What of a view the address holds: all filters, those that it does not have taken out. */
const changeOf = ({ sort, filters }: ListViewContent): Change => ({
  ...Object.fromEntries(
    ['q', 'status', 'modality', 'range', 'urgency', 'assignee', 'label', 'site', 'prior'].map((name) => [name, undefined]),
  ),
  ...studySearch({ ...filters, sort: sort ?? undefined }),
  ...(sort === null ? { sort: undefined } : {}),
});

const tellError = (error: unknown): void => showToast(errorText(error, currentLocale()), { tone: 'danger' });

/** Keeps the columns as one leaves them, for every browser of this person. */
const keepLayout = (columns: Layout | null): void =>
  void call('saveListView', {
    body: { level: 'OWN', siteId: null, name: '', content: { ...NONE, columns: columns === null ? null : [...columns] } },
  })
    .then(refreshViews)
    .catch(tellError);

/** Says that a view of that name was written over, and offers what it showed before. */
function tellReplaced(saved: ListView, before: ListViewContent): void {
  showToast(text('worklist', 'viewReplaced', { name: saved.name }), {
    action: {
      label: text('common', 'undo'),
      run: () => void bringBack({ ...saved, content: before }, ({ changedAt }) => changedAt !== saved.changedAt),
    },
  });
}

/** Saves a view with its name: one's own, of a site, or of everybody where that is null. What failed is told. */
async function saveNamed({ name, siteId }: Parameters<Views['save']>[0], content: ListViewContent): Promise<boolean> {
  const whose = siteId === 'me' ? ({ level: 'OWN', siteId: null } as const) : ({ level: 'SITE', siteId } as const);
  try {
    const { replaced, ...saved } = await call('saveListView', { body: { ...whose, name, content } });
    await refreshViews();
    if (replaced === null) showToast(text('worklist', 'viewSaved'));
    else tellReplaced(saved, replaced);
    return true;
  } catch (error) {
    tellError(error);
    return false;
  }
}

/** Brings a view back, unless one was saved under its name meanwhile: any, or what `isNewer` says of it. */
async function bringBack(
  { level, siteId, name, content }: ListView,
  isNewer: (now: ListView) => boolean = () => true,
): Promise<void> {
  try {
    const { items } = await queryClient.fetchQuery({ ...listViewsQuery, staleTime: 0 });
    if (items.some((one) => one.level === level && one.siteId === siteId && one.name === name && isNewer(one)))
      return showToast(text('worklist', 'viewNewer'), { tone: 'danger' });
    await call('saveListView', { body: { level, siteId, name, content } });
    await refreshViews();
  } catch (error) {
    tellError(error);
  }
}

/** Takes a view away, and offers to bring it back. One that another window or person has taken away goes from the list as well. */
async function removeNamed(view: ListView): Promise<void> {
  try {
    await call('deleteListView', { params: { id: view.id } });
    showToast(text('worklist', 'viewDeleted'), {
      action: { label: text('common', 'undo'), run: () => void bringBack(view) },
    });
  } catch (error) {
    if (error instanceof ApiError && error.code === 'NOT_FOUND') showToast(text('worklist', 'viewGone'));
    else tellError(error);
  }
  await refreshViews();
}

/** Columns, widths, order and filters of the worklist: as one left them, and those that were saved or are shared. */
export function useViews(search: Search, onChange: (change: Change) => void): Views {
  const { all, first } = useAllStudyColumns();
  const items = useQuery(listViewsQuery).data?.items;
  const left = items?.find(({ level, name }) => level === 'OWN' && name === '')?.content.columns ?? null;
  const [chosen, setChosen] = useState<{ readonly columns: Layout | null }>();
  const layout = chosen === undefined ? left : chosen.columns;
  const columns = useMemo(() => laidOut(all, first, layout), [all, first, layout]);
  return {
    named: items?.filter(({ name }) => name !== '') ?? [],
    all,
    columns,
    layout: layout ?? first.map((id) => ({ id })),
    use: ({ content }) => {
      setChosen({ columns: content.columns });
      onChange(changeOf(content));
    },
    setLayout: (next) => {
      setChosen({ columns: next });
      keepLayout(next);
    },
    save: (named) =>
      saveNamed(named, {
        columns: layout === null ? null : [...layout],
        sort: search.sort ?? null,
        filters: filtersOf(search),
      }),
    remove: removeNamed,
  };
}

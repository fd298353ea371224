import type { Study } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { ScanLine } from 'lucide-react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { useCursorList } from '../../api/use-cursor-list.ts';
import { NoRows } from '../../entities/no-rows.tsx';
import { placeOf } from '../../entities/study/place.ts';
import { hoverStudy } from '../../entities/study/prefetch.ts';
import { StudyCard, useStudyColumns } from '../../entities/study/study-columns.tsx';
import { daysBefore, today } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { STATUSES } from '../../routing/reading-statuses.ts';
import { DATE_RANGES, type DateRange, RANGE_DAYS, type studySearch } from '../../routing/search-params.ts';
import { LoadError } from '../../ui/bits.tsx';
import { DataList, Total } from '../../ui/data-list.tsx';
import { FilterSelect, Segments } from '../../ui/field.tsx';
import { FilterRow, PageHead, SearchBox } from '../../ui/page.tsx';
import { STATUS_SIGNS } from '../../ui/status.tsx';

type Search = ReturnType<typeof studySearch>;
const REFRESH_MS = 20_000;
/** Reading one study may take as long, and its row is to be there afterwards. */
const KEPT_MS = 60 * 60_000;
const RANGE_LABELS = { today: 'rangeToday', week: 'rangeWeek', month: 'rangeMonth' } as const satisfies Record<DateRange, string>;

function useStudies({ q, sort, status, modality, range }: Search) {
  const from = range === undefined ? undefined : daysBefore(today(), RANGE_DAYS[range]);
  return useCursorList(
    ['studies', 'list', { q, sort, status, modality, from }],
    (cursor, signal) =>
      call('listStudies', { query: { q, sort: sort ?? '-studyDate', status, modality, from, limit: 100, cursor }, signal }),
    { refreshMs: REFRESH_MS, keptMs: KEPT_MS },
  );
}

/** What is there to choose from; the chosen one always is. */
function useModalities(chosen: string | undefined): readonly string[] {
  const { data } = useQuery({
    queryKey: ['modalities'],
    queryFn: ({ signal }) => call('listModalities', { signal }),
    staleTime: 5 * 60_000,
  });
  const all = data?.items ?? [];
  return chosen === undefined || all.includes(chosen) ? all : [...all, chosen].sort();
}

const rowId = (study: Study): string => study.id;

export function WorklistPage() {
  const t = useText('worklist');
  const locale = useLocale();
  const search = useSearch({ from: '/app/worklist' });
  const navigate = useNavigate({ from: '/app/worklist' });
  const list = useStudies(search);
  const columns = useStudyColumns();
  const set = (change: Partial<Record<keyof Search, unknown>>): void =>
    void navigate({ search: (previous) => ({ ...previous, ...change }) as Search, replace: true }); // Read back through validateSearch.
  const open = ({ studyInstanceUid, groupId }: Study): void =>
    void navigate({
      to: '/app/studies/$studyInstanceUid',
      params: { studyInstanceUid },
      search: placeOf({ groupId }),
    });
  const isFiltered = (search.q ?? search.status ?? search.modality ?? search.range) !== undefined;
  const clear = () => set({ q: undefined, status: undefined, modality: undefined, range: undefined });
  return (
    <section className="flex min-h-0 flex-1 flex-col">
      <PageHead title={t('title')} aside={<Total total={list.total} isExact={list.totalIsExact} />} />
      <Filters search={search} onChange={set} />
      {list.error !== null ? (
        <LoadError message={errorText(list.error, locale)} onRetry={list.reload} />
      ) : (
        <DataList
          label={t('title')}
          columns={columns}
          rows={list.rows}
          rowId={rowId}
          placeKey={`studies ${JSON.stringify(search)}`}
          card={(study) => <StudyCard study={study} />}
          total={list.total}
          isLoading={list.isLoading}
          isPrevious={list.isPrevious}
          hasMore={list.hasMore}
          onMore={list.more}
          onOpen={open}
          onHover={(study) => hoverStudy(study)}
          sort={search.sort ?? '-studyDate'}
          onSort={(sort) => set({ sort: sort === '-studyDate' ? undefined : sort })}
          empty={<NoStudies isFiltered={isFiltered} onClear={clear} />}
        />
      )}
    </section>
  );
}

function Filters({ search, onChange }: { search: Search; onChange: (change: Partial<Record<keyof Search, unknown>>) => void }) {
  const t = useText('worklist');
  const common = useText('common');
  const modalities = useModalities(search.modality);
  const orNothing = (value: string) => (value === '' ? undefined : value);
  return (
    <div className="flex flex-wrap items-center gap-2 px-4 pb-2">
      <SearchBox
        value={search.q ?? ''}
        label={t('searchLabel')}
        placeholder={t('search')}
        onChange={(q) => onChange({ q: orNothing(q) })}
      />
      <FilterRow>
        <Segments
          label={t('range')}
          value={search.range ?? ''}
          onChange={(range) => onChange({ range: orNothing(range) })}
          choices={[
            ...DATE_RANGES.map((value) => ({ value, label: t(RANGE_LABELS[value]) })),
            { value: '', label: t('rangeAll') },
          ]}
        />
        <FilterSelect
          label={t('modality')}
          value={search.modality ?? ''}
          onChange={(modality) => onChange({ modality: orNothing(modality) })}
          choices={[{ value: '', label: t('anyModality') }, ...modalities.map((value) => ({ value, label: value }))]}
        />
        <FilterSelect
          label={t('status')}
          value={search.status ?? ''}
          onChange={(status) => onChange({ status: orNothing(status) })}
          choices={[
            { value: '', label: common('labelled', { label: t('status'), value: common('all').toLowerCase() }) },
            ...STATUSES.map((value) => ({ value, label: `${STATUS_SIGNS[value]} ${common(`status${value}`)}` })),
          ]}
        />
      </FilterRow>
    </div>
  );
}

function NoStudies({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  const t = useText('worklist');
  const texts = {
    emptyTitle: t('emptyTitle'),
    emptyText: t('emptyText'),
    noMatchTitle: t('noMatchTitle'),
    noMatchText: t('noMatchText'),
  };
  return <NoRows icon={<ScanLine size={34} />} texts={texts} isFiltered={isFiltered} onClear={onClear} />;
}

import type { Study } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { ScanLine } from 'lucide-react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { type CursorList, listProps, useCursorList } from '../../api/use-cursor-list.ts';
import { NoRows } from '../../entities/no-rows.tsx';
import { placeOf } from '../../entities/study/place.ts';
import { hoverStudy } from '../../entities/study/prefetch.ts';
import { readFrom } from '../../entities/study/reading-list.ts';
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
import { ChooseButton, type Choosing, ChosenBar, ChosenCard, useChoosing, useColumnsWith } from './choosing.tsx';

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
const nothing = (): void => undefined;

type Change = Partial<Record<keyof Search, unknown>>;

export function WorklistPage() {
  const t = useText('worklist');
  const search = useSearch({ from: '/app/worklist' });
  const navigate = useNavigate({ from: '/app/worklist' });
  const list = useStudies(search);
  const set = (change: Change): void =>
    void navigate({ search: (previous) => ({ ...previous, ...change }) as Search, replace: true }); // Read back through validateSearch.
  const choosing = useChoosing();
  return (
    <section className="flex min-h-0 flex-1 flex-col">
      <PageHead title={t('title')} aside={<Total total={list.total} isExact={list.totalIsExact} />}>
        <ChooseButton choosing={choosing} />
      </PageHead>
      <Filters search={search} onChange={set} />
      <ChosenBar choosing={choosing} />
      <StudyList list={list} search={search} onChange={set} choosing={choosing} />
    </section>
  );
}

interface FilterProps {
  readonly search: Search;
  readonly onChange: (change: Change) => void;
}
interface ListProps extends FilterProps {
  readonly list: CursorList<Study>;
  readonly choosing: Choosing;
}
function StudyList({ list, search, onChange, choosing }: ListProps) {
  const t = useText('worklist');
  const locale = useLocale();
  const navigate = useNavigate({ from: '/app/worklist' });
  const columns = useColumnsWith(useStudyColumns(), choosing);
  const isChoosing = choosing.chosen !== undefined;
  const open = ({ studyInstanceUid, groupId }: Study): void => {
    readFrom(list.rows);
    void navigate({ to: '/app/studies/$studyInstanceUid', params: { studyInstanceUid }, search: placeOf({ groupId }) });
  };
  const isFiltered = (search.q ?? search.status ?? search.modality ?? search.range) !== undefined;
  const clear = () => onChange({ q: undefined, status: undefined, modality: undefined, range: undefined });
  if (list.error !== null) return <LoadError message={errorText(list.error, locale)} onRetry={list.reload} />;
  return (
    <DataList
      label={t('title')}
      columns={columns}
      {...listProps(list)}
      rowId={rowId}
      placeKey={`studies ${JSON.stringify(search)}`}
      card={(study) => (
        <ChosenCard study={study} choosing={choosing}>
          <StudyCard study={study} />
        </ChosenCard>
      )}
      onOpen={isChoosing ? choosing.toggle : open}
      onHover={isChoosing ? nothing : hoverStudy}
      onBack={choosing.end}
      sort={search.sort ?? '-studyDate'}
      onSort={(sort) => onChange({ sort: sort === '-studyDate' ? undefined : sort })}
      empty={<NoStudies isFiltered={isFiltered} onClear={clear} />}
    />
  );
}

function Filters({ search, onChange }: FilterProps) {
  const t = useText('worklist');
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
        <ModalityFilter value={search.modality} onChange={(modality) => onChange({ modality: orNothing(modality) })} />
        <StatusFilter value={search.status} onChange={(status) => onChange({ status: orNothing(status) })} />
      </FilterRow>
    </div>
  );
}

interface OneFilterProps {
  readonly value: string | undefined;
  readonly onChange: (value: string) => void;
}
function ModalityFilter({ value: chosen, onChange }: OneFilterProps) {
  const t = useText('worklist');
  const modalities = useModalities(chosen);
  const choices = [{ value: '', label: t('anyModality') }, ...modalities.map((value) => ({ value, label: value }))];
  return <FilterSelect label={t('modality')} value={chosen ?? ''} onChange={onChange} choices={choices} />;
}

function StatusFilter({ value: chosen, onChange }: OneFilterProps) {
  const t = useText('worklist');
  const common = useText('common');
  const choices = [
    { value: '', label: common('labelled', { label: t('status'), value: common('all').toLowerCase() }) },
    ...STATUSES.map((value) => ({ value, label: `${STATUS_SIGNS[value]} ${common(`status${value}`)}` })),
  ];
  return <FilterSelect label={t('status')} value={chosen ?? ''} onChange={onChange} choices={choices} />;
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

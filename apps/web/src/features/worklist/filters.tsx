import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/client.ts';
import { useCan } from '../../api/me.ts';
import { groupsQuery } from '../../entities/group/queries.ts';
import { useLabels } from '../../entities/study/labels.tsx';
import { useText } from '../../i18n/index.ts';
import { STATUSES } from '../../routing/reading-statuses.ts';
import { DATE_RANGES, type DateRange, URGENCY_FILTERS } from '../../routing/search-params.ts';
import { FilterSelect, Segments } from '../../ui/field.tsx';
import { FoldedFilters, setOf } from '../../ui/folded-filters.tsx';
import { SearchBox } from '../../ui/page.tsx';
import { STATUS_SIGNS } from '../../ui/status.tsx';
import type { Search } from './use-studies.ts';

const RANGE_LABELS = { today: 'rangeToday', week: 'rangeWeek', month: 'rangeMonth' } as const satisfies Record<DateRange, string>;

export type Change = Partial<Record<keyof Search, unknown>>;
export interface FilterProps {
  readonly search: Search;
  readonly onChange: (change: Change) => void;
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

const orNothing = (value: string) => (value === '' ? undefined : value);

/** What a phone shows once it is asked for. */
const FOLDED = [
  'modality',
  'status',
  'assignee',
  'urgency',
  'label',
  'site',
  'prior',
] as const satisfies readonly (keyof Search)[];

export function Filters({ search, onChange }: FilterProps) {
  const t = useText('worklist');
  return (
    <div className="flex flex-wrap items-center gap-2 px-4 pb-2 [&_select]:[field-sizing:content]">
      <SearchBox
        value={search.q ?? ''}
        label={t('searchLabel')}
        placeholder={t('search')}
        onChange={(q) => onChange({ q: orNothing(q) })}
      />
      <Segments
        label={t('range')}
        value={search.range ?? ''}
        onChange={(range) => onChange({ range: orNothing(range) })}
        choices={[...DATE_RANGES.map((value) => ({ value, label: t(RANGE_LABELS[value]) })), { value: '', label: t('rangeAll') }]}
      />
      <FoldedFilters set={setOf(search, FOLDED)}>
        <ModalityFilter value={search.modality} onChange={(modality) => onChange({ modality: orNothing(modality) })} />
        <StatusFilter value={search.status} onChange={(status) => onChange({ status: orNothing(status) })} />
        <WorkFilters search={search} onChange={onChange} />
      </FoldedFilters>
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
    { value: 'OPEN', label: t('statusOPEN') },
    ...STATUSES.map((value) => ({ value, label: `${STATUS_SIGNS[value]} ${common(`status${value}`)}` })),
  ];
  return <FilterSelect label={t('status')} value={chosen ?? ''} onChange={onChange} choices={choices} />;
}

/** Whose they are to read, how soon, their labels, their group, and whether priors are among them. */
function WorkFilters({ search, onChange }: FilterProps) {
  const t = useText('worklist');
  const can = useCan();
  const assignees = [
    { value: '', label: t('anyAssignee') },
    ...(can('studies.validate') ? [{ value: 'me', label: t('mine') }] : []),
    { value: 'none', label: t('nobodys') },
  ];
  const urgencies = URGENCY_FILTERS.map((value) => ({ value, label: t(`urgency${value}`) }));
  const priors = [
    { value: '', label: t('anyPrior') },
    { value: 'without', label: t('withoutPrior') },
    { value: 'only', label: t('onlyPrior') },
  ];
  const on = (name: keyof Search) => (value: string) => onChange({ [name]: orNothing(value) });
  return (
    <>
      <FilterSelect label={t('assignee')} value={search.assignee ?? ''} onChange={on('assignee')} choices={assignees} />
      <FilterSelect
        label={t('urgency')}
        value={search.urgency ?? ''}
        onChange={on('urgency')}
        choices={[{ value: '', label: t('anyUrgency') }, ...urgencies]}
      />
      <LabelFilter value={search.label} onChange={on('label')} />
      <GroupFilter value={search.site} onChange={on('site')} />
      <FilterSelect label={t('prior')} value={search.prior ?? ''} onChange={on('prior')} choices={priors} />
    </>
  );
}

function LabelFilter({ value, onChange }: OneFilterProps) {
  const t = useText('worklist');
  const labels = useLabels();
  if (labels.length === 0 && value === undefined) return null;
  const choices = [{ value: '', label: t('anyLabel') }, ...labels.map(({ id, name }) => ({ value: id, label: name }))];
  return <FilterSelect label={t('label')} value={value ?? ''} onChange={onChange} choices={choices} />;
}

function GroupFilter({ value, onChange }: OneFilterProps) {
  const t = useText('worklist');
  const can = useCan();
  const groups = useQuery({ ...groupsQuery, enabled: can('groups.manage') }).data?.items ?? [];
  if (groups.length === 0) return null;
  const choices = [{ value: '', label: t('anySite') }, ...groups.map(({ id, name }) => ({ value: id, label: name }))];
  return <FilterSelect label={t('site')} value={value ?? ''} onChange={onChange} choices={choices} />;
}

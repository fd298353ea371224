import type { Prediction } from '@negatoscope/contract';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Microscope } from 'lucide-react';
import { useCallback, useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { queryClient } from '../../api/query-client.ts';
import { listProps, useCursorList } from '../../api/use-cursor-list.ts';
import { SiteFilter } from '../../entities/group/site-filter.tsx';
import { NoRows } from '../../entities/no-rows.tsx';
import { namesOf } from '../../entities/prediction/made-by.tsx';
import { ModelCards } from '../../entities/prediction/model-cards.tsx';
import { placeOf } from '../../entities/study/place.ts';
import { daysBefore, today } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import {
  DATE_RANGES,
  type DateRange,
  PREDICTION_STATES,
  type predictionSearch,
  RANGE_DAYS,
} from '../../routing/search-params.ts';
import { LoadError } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { DataList, Total } from '../../ui/data-list.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FilterSelect, Segments } from '../../ui/field.tsx';
import { FoldedFilters, setOf } from '../../ui/folded-filters.tsx';
import { PageHead } from '../../ui/page.tsx';
import { PREDICTION_CARD_HEIGHT, PredictionCard, usePredictionColumns } from './prediction-columns.tsx';
import { usePredictionEvents } from './use-prediction-events.ts';

type Search = ReturnType<typeof predictionSearch>;
type Change = Partial<Record<keyof Search, unknown>>;
const REFRESH_MS = 30_000;
const LIST = ['predictions', 'list'] as const;
const RANGE_LABELS = { today: 'rangeToday', week: 'rangeWeek', month: 'rangeMonth' } as const satisfies Record<DateRange, string>;
const rowId = ({ id }: Prediction): string => id;

/** Films of the archive alone: what somebody sent to the model by itself is in no study. */
function usePredictionList({ state, site, range }: Search) {
  const day = range === undefined ? undefined : daysBefore(today(), RANGE_DAYS[range]);
  const from = day === undefined ? undefined : new Date(`${day}T00:00:00`).toISOString();
  return useCursorList(
    [...LIST, { state, site, from }],
    (cursor, signal) =>
      call('listPredictions', { query: { state, groupId: site, from, uploads: 'false', limit: 100, cursor }, signal }),
    { refreshMs: REFRESH_MS },
  );
}

/** Films that a model has read or is to read, how far each is, and what to do next. */
export function PredictionsPage() {
  const t = useText('predictions');
  const locale = useLocale();
  const search = useSearch({ from: '/app/predictions' });
  const navigate = useNavigate({ from: '/app/predictions' });
  const [isCardOpen, setIsCardOpen] = useState(false);
  const list = usePredictionList(search);
  usePredictionEvents(useCallback(() => queryClient.invalidateQueries({ queryKey: LIST }), []));
  const set = (change: Change): void =>
    void navigate({ search: (previous) => ({ ...previous, ...change }) as Search, replace: true }); // Read back through validateSearch.
  return (
    <section className="flex min-h-0 flex-1 flex-col">
      <PageHead title={t('title')} aside={<Total total={list.total} isExact={list.totalIsExact} />}>
        <Button size="small" onPress={() => setIsCardOpen(true)}>
          {t('card')}
        </Button>
      </PageHead>
      <p className="px-4 pb-2 text-[13px] text-dim">
        {t('research')} {namesOf(list.rows.map(({ modelName, modelVersion }) => `${modelName} ${modelVersion}`))}
      </p>
      <Filters search={search} onChange={set} />
      {list.error !== null ? (
        <LoadError message={errorText(list.error, locale)} onRetry={list.reload} />
      ) : (
        <Rows list={list} search={search} onChange={set} />
      )}
      <Dialog wide title={t('cards')} isOpen={isCardOpen} onClose={() => setIsCardOpen(false)}>
        {isCardOpen && <ModelCards />}
      </Dialog>
    </section>
  );
}

interface FilterProps {
  readonly search: Search;
  readonly onChange: (change: Change) => void;
}

function Rows({ list, search, onChange }: FilterProps & { readonly list: ReturnType<typeof usePredictionList> }) {
  const t = useText('predictions');
  const navigate = useNavigate({ from: '/app/predictions' });
  const columns = usePredictionColumns();
  const open = ({ study }: Prediction): void => {
    if (study === null) return;
    const { studyInstanceUid } = study;
    void navigate({
      to: '/app/studies/$studyInstanceUid',
      params: { studyInstanceUid },
      search: { ...placeOf(study), panel: true },
    });
  };
  const texts = {
    emptyTitle: t('emptyTitle'),
    emptyText: t('emptyText'),
    noMatchTitle: t('noMatchTitle'),
    noMatchText: t('noMatchText'),
  };
  const isFiltered = (search.state ?? search.site ?? search.range) !== undefined;
  const clear = () => onChange({ state: undefined, site: undefined, range: undefined });
  return (
    <DataList
      label={t('title')}
      columns={columns}
      {...listProps(list)}
      rowId={rowId}
      placeKey={`predictions ${JSON.stringify(search)}`}
      card={(one) => <PredictionCard prediction={one} />}
      cardHeight={PREDICTION_CARD_HEIGHT}
      onOpen={open}
      empty={<NoRows icon={<Microscope size={34} />} texts={texts} isFiltered={isFiltered} onClear={clear} />}
    />
  );
}

function Filters({ search, onChange }: FilterProps) {
  const t = useText('predictions');
  const orNothing = (value: string) => (value === '' ? undefined : value);
  return (
    <div className="flex flex-wrap items-center gap-2 px-4 pb-2">
      <Segments
        label={t('range')}
        value={search.range ?? ''}
        onChange={(range) => onChange({ range: orNothing(range) })}
        choices={[...DATE_RANGES.map((value) => ({ value, label: t(RANGE_LABELS[value]) })), { value: '', label: t('rangeAll') }]}
      />
      <FoldedFilters set={setOf(search, ['state', 'site'])}>
        <FilterSelect
          label={t('state')}
          value={search.state ?? ''}
          onChange={(state) => onChange({ state: orNothing(state) })}
          choices={[
            { value: '', label: t('anyState') },
            ...PREDICTION_STATES.map((value) => ({ value, label: t(`state_${value}`) })),
          ]}
        />
        <SiteFilter site={search.site} onChange={(site) => onChange({ site })} />
      </FoldedFilters>
    </div>
  );
}

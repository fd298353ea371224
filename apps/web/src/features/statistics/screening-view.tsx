import type { ScreeningStatistics } from '@negatoscope/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ChartColumn } from 'lucide-react';
import { MadeBy } from '../../entities/prediction/made-by.tsx';
import { screeningQuery } from '../../entities/statistics/queries.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Empty, Notice } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { FilterSelect } from '../../ui/field.tsx';
import { AgreementCard } from './agreement-card.tsx';
import { Breakdown } from './breakdown.tsx';
import { Drift } from './drift.tsx';
import { AccuracyCard, Agreements, Counts, OverTime, Turnarounds } from './figures.tsx';
import { Filters } from './filters.tsx';
import { Found } from './found.tsx';
import { Monthly } from './monthly.tsx';
import type { Change, ViewProps } from './periods.ts';
import { lastMonths, periodText, queryOf, type Search } from './words.ts';

const NO_FILTERS: Change = { model: undefined, site: undefined, age: undefined, sex: undefined, range: 'year' };

/** Figures of the screening: how many, how far model and physicians agree, how often the model was right, and what has changed. */
export function ScreeningView({ search, onChange: set }: ViewProps) {
  const t = useText('statistics');
  const asked = useQuery({ ...screeningQuery(queryOf(search)), placeholderData: keepPreviousData });
  const { data } = asked;
  return (
    <>
      <Filters search={search} onChange={set} />
      <div className="mb-4">
        <Notice tone="amber">
          {t('research')} {data !== undefined && <MadeBy models={data.models.map(({ key }) => key)} />}
        </Notice>
      </div>
      <Found asked={asked}>{(figures) => <Figures figures={figures} search={search} onChange={set} />}</Found>
      <AgreementCard search={search} />
      <ByMonth figures={data} search={search} onChange={set} />
    </>
  );
}

interface FiguresProps {
  readonly search: Search;
  readonly onChange: (change: Change) => void;
}

function Figures({ figures, search, onChange }: FiguresProps & { readonly figures: ScreeningStatistics }) {
  const t = useText('statistics');
  const { counts } = figures.total;
  if (counts.screened + counts.refused + counts.unanswered === 0)
    return (
      <Empty
        icon={<ChartColumn size={34} />}
        title={t('emptyTitle')}
        action={<Button onPress={() => onChange(NO_FILTERS)}>{t('clear')}</Button>}
      >
        {t('emptyText')}
      </Empty>
    );
  return (
    <>
      <Counts row={figures.total} />
      <div className="mt-4 grid items-start gap-4 lg:grid-cols-2">
        <div className="lg:col-span-2">
          <OverTime figures={figures} />
        </div>
        <AccuracyCard figures={figures} />
        <Agreements row={figures.total} />
        <div className="lg:col-span-2">
          <Turnarounds row={figures.total} />
        </div>
        <div className="min-w-0 lg:col-span-2">
          <Breakdown figures={figures} by={search.by ?? 'sites'} onBy={(by) => onChange({ by })} />
        </div>
      </div>
    </>
  );
}

/** What is told by month, of one month that is chosen for both. */
function ByMonth({ figures, search, onChange }: FiguresProps & { readonly figures: ScreeningStatistics | undefined }) {
  const t = useText('statistics');
  const locale = useLocale();
  const months = lastMonths();
  const month = search.month ?? months[0] ?? '';
  const model = search.model ?? figures?.models.toSorted((a, b) => b.counts.screened - a.counts.screened)[0]?.key;
  const kept = months.includes(month) ? [] : [month];
  return (
    <div className="mt-6">
      <FilterSelect
        label={t('month')}
        value={month}
        onChange={(value) => onChange({ month: value })}
        choices={[...months, ...kept].map((value) => ({ value, label: periodText(`${value}-01`, 'MONTH', locale) }))}
      />
      <div className="mt-3 grid gap-4">
        <Drift model={model} site={search.site} month={month} />
        <Monthly model={search.model} site={search.site} month={month} />
      </div>
    </div>
  );
}

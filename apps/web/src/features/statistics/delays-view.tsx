import type { Delay, DelayStatistics } from '@negatoscope/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { arrivalsQuery, delaysQuery } from '../../entities/statistics/queries.ts';
import { formatNumber } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { Segments } from '../../ui/field.tsx';
import { ActivityFilters } from './activity-filters.tsx';
import { DelayBreakdown } from './delay-breakdown.tsx';
import { DelayChart } from './delay-chart.tsx';
import { useSeconds } from './durations.ts';
import { Found } from './found.tsx';
import { OpenNow } from './open-now.tsx';
import { activityOf, modalitiesOf, type ViewProps } from './periods.ts';
import { Tiles } from './tiles.tsx';

/** In the order in which one asks for them. */
const SHOWN = ['ARRIVED_TO_REPORTED', 'ARRIVED_TO_OPENED', 'ACQUIRED_TO_ARRIVED'] as const satisfies readonly Delay[];

/** How long studies waited to come, to be opened and to be reported, and what waits now. */
export function DelaysView({ search, onChange }: ViewProps) {
  const query = activityOf(search);
  const delays = useQuery({ ...delaysQuery(query), placeholderData: keepPreviousData });
  const arrivals = useQuery({ ...arrivalsQuery({ ...query, modality: undefined }), placeholderData: keepPreviousData });
  return (
    <>
      <ActivityFilters search={search} onChange={onChange} modalities={modalitiesOf(arrivals.data)} />
      <Found asked={delays}>{(found) => <Figures found={found} search={search} onChange={onChange} />}</Found>
    </>
  );
}

function Figures({ found, search, onChange }: ViewProps & { readonly found: DelayStatistics }) {
  const t = useText('activity');
  const [delay, setDelay] = useState<Delay>(SHOWN[0]);
  return (
    <>
      <DelayTiles found={found} />
      <p className="mt-2 text-[13px] text-dim">{t('delayLead')}</p>
      {found.impossible > 0 && (
        <div className="mt-3">
          <Notice tone="amber">{t('impossible', { count: found.impossible })}</Notice>
        </div>
      )}
      <div className="-mx-0.5 mt-4 max-w-full overflow-x-auto p-0.5 print:hidden">
        <Segments
          label={t('delay')}
          value={delay}
          onChange={(value) => setDelay(SHOWN.find((one) => one === value) ?? SHOWN[0])}
          choices={SHOWN.map((value) => ({ value, label: t(value) }))}
        />
      </div>
      <div className="mt-3 grid items-start gap-4">
        <DelayChart found={found} delay={delay} />
        <DelayBreakdown found={found} delay={delay} by={search.split ?? 'MODALITY'} onBy={(split) => onChange({ split })} />
        <OpenNow open={found.open} />
      </div>
    </>
  );
}

/** The middle of each delay, and how many studies wait now. */
function DelayTiles({ found }: { readonly found: DelayStatistics }) {
  const t = useText('activity');
  const locale = useLocale();
  const seconds = useSeconds();
  const delays = SHOWN.map((of) => {
    const row = found.rows.find((one) => one.delay === of && one.by === 'TOTAL');
    const more = `${t('p90')} ${seconds(row?.p90Seconds ?? null)} · n\u00a0=\u00a0${formatNumber(row?.n ?? 0, locale)}`;
    return { label: t(of), value: seconds(row?.medianSeconds ?? null), ...(row === undefined ? {} : { more }) };
  });
  const openNow = found.open.reduce((sum, { all }) => sum + all, 0);
  return <Tiles tiles={[...delays, { label: t('openNow'), value: formatNumber(openNow, locale) }]} />;
}

import type { ArrivalStatistics } from '@negatoscope/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { FolderInput } from 'lucide-react';
import { errorText } from '../../api/error.ts';
import { arrivalsQuery } from '../../entities/statistics/queries.ts';
import { formatBytes, formatNumber } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Empty, LoadError } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { ActivityFilters } from './activity-filters.tsx';
import { Ranked } from './charts.tsx';
import { activityOf, type ViewProps } from './periods.ts';
import { ReceivedChart } from './received-chart.tsx';
import { Section } from './section.tsx';
import { Tiles, Waiting } from './tiles.tsx';

/** Studies received: how many, of which modality, of which group, by whose request. */
export function ArrivalsView({ search, onChange }: ViewProps) {
  const t = useText('activity');
  const locale = useLocale();
  const { data, error, refetch } = useQuery({ ...arrivalsQuery(activityOf(search)), placeholderData: keepPreviousData });
  const modalities = data?.modalities.map(({ key }) => key).filter((key) => /^[A-Z0-9_]{1,16}$/.test(key)) ?? [];
  return (
    <>
      <ActivityFilters search={search} onChange={onChange} modalities={modalities} />
      {error !== null && data === undefined && <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Waiting />}
      {data?.total.studies === 0 && (
        <Empty
          icon={<FolderInput size={34} />}
          title={t('empty')}
          action={
            <Button onPress={() => onChange({ range: 'year', site: undefined, modality: undefined, step: undefined })}>
              {t('wider')}
            </Button>
          }
        >
          {t('emptyText')}
        </Empty>
      )}
      {data !== undefined && data.total.studies > 0 && <Figures found={data} />}
    </>
  );
}

const DAY_MS = 86_400_000;

function Figures({ found }: { readonly found: ArrivalStatistics }) {
  const t = useText('activity');
  const locale = useLocale();
  const { total, modalities, groups, referrers } = found;
  const days = Math.round((Date.parse(found.to) - Date.parse(found.from)) / DAY_MS) + 1;
  const number = (value: number): string => formatNumber(value, locale);
  const name = (key: string, given: string | null): string => given ?? (key === 'none' || given === null ? t('noGroup') : key);
  return (
    <>
      <Tiles
        tiles={[
          { label: t('studies'), value: number(total.studies) },
          { label: t('perDay'), value: number(Math.round((total.studies / days) * 10) / 10) },
          { label: t('instances'), value: number(total.instances) },
          { label: t('bytes'), value: formatBytes(total.bytes, locale) },
        ]}
      />
      <div className="mt-4 grid items-start gap-4 lg:grid-cols-2">
        <div className="min-w-0 lg:col-span-2">
          <ReceivedChart found={found} />
        </div>
        <Section title={t('byModality')} lead={t('byModalityLead')}>
          <Ranked
            isNarrow
            label={t('byModality')}
            head={[t('modality'), t('studies')]}
            format={number}
            rows={modalities.map(({ key, studies }) => ({ key, name: key, value: studies }))}
          />
        </Section>
        <Section title={t('byGroup')}>
          <Ranked
            label={t('byGroup')}
            head={[t('group'), t('studies')]}
            format={number}
            rows={groups.map(({ key, name: given, studies }) => ({ key, name: name(key, given), value: studies }))}
          />
        </Section>
        {referrers !== null && <Referrers referrers={referrers} />}
      </div>
    </>
  );
}

function Referrers({ referrers }: { readonly referrers: NonNullable<ArrivalStatistics['referrers']> }) {
  const t = useText('activity');
  const locale = useLocale();
  const { top, others, othersStudies, nobody } = referrers;
  const rest = [
    { key: ' others', name: t('otherReferrers', { count: others }), value: othersStudies, isRest: true },
    { key: ' nobody', name: t('nobody'), value: nobody, isRest: true },
  ].filter(({ value }) => value > 0);
  return (
    <div className="min-w-0 lg:col-span-2">
      <Section title={t('byReferrer')} lead={t('byReferrerLead')}>
        <Ranked
          label={t('byReferrer')}
          head={[t('referrer'), t('studies')]}
          format={(value) => formatNumber(value, locale)}
          rows={[...top.map(({ key, studies }) => ({ key, name: key, value: studies })), ...rest]}
        />
      </Section>
    </div>
  );
}

import type { ArrivalStatistics } from '@negatoscope/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { FolderInput } from 'lucide-react';
import { arrivalsQuery } from '../../entities/statistics/queries.ts';
import { formatBytes, formatNumber } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { textOfFile } from '../../i18n/text-of-file.ts';
import { Empty } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { ActivityFilters } from './activity-filters.tsx';
import { Found } from './found.tsx';
import { activityOf, modalitiesOf, type ViewProps } from './periods.ts';
import { Ranking } from './ranking.tsx';
import { ReceivedChart } from './received-chart.tsx';
import { Tiles } from './tiles.tsx';

/** Studies received: how many, of which modality, of which group, by whose request. */
export function ArrivalsView({ search, onChange }: ViewProps) {
  const asked = useQuery({ ...arrivalsQuery(activityOf(search)), placeholderData: keepPreviousData });
  return (
    <>
      <ActivityFilters search={search} onChange={onChange} modalities={modalitiesOf(asked.data)} />
      <Found asked={asked}>
        {(found) => (found.total.studies === 0 ? <NothingCame onChange={onChange} /> : <Figures found={found} />)}
      </Found>
    </>
  );
}

function NothingCame({ onChange }: Pick<ViewProps, 'onChange'>) {
  const t = useText('activity');
  return (
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
  );
}

const DAY_MS = 86_400_000;

function Figures({ found }: { readonly found: ArrivalStatistics }) {
  const t = useText('activity');
  const locale = useLocale();
  const { total, modalities, groups, referrers } = found;
  const days = Math.round((Date.parse(found.to) - Date.parse(found.from)) / DAY_MS) + 1;
  const number = (value: number): string => formatNumber(value, locale);
  const groupName = (key: string, given: string | null): string =>
    given ?? (key === 'none' || given === null ? t('noGroup') : key);
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
        <Ranking
          isNarrow
          title={t('byModality')}
          lead={t('byModalityLead')}
          of={t('modality')}
          rows={modalities.map(({ key, studies }) => ({ key, name: textOfFile(key), value: studies }))}
        />
        <Ranking
          title={t('byGroup')}
          of={t('group')}
          rows={groups.map(({ key, name, studies }) => ({ key, name: groupName(key, name), value: studies }))}
        />
        {referrers !== null && <Referrers referrers={referrers} />}
      </div>
    </>
  );
}

function Referrers({ referrers }: { readonly referrers: NonNullable<ArrivalStatistics['referrers']> }) {
  const t = useText('activity');
  const { top, others, othersStudies, nobody } = referrers;
  const rest = [
    { key: ' others', name: t('otherReferrers', { count: others }), value: othersStudies, isRest: true },
    { key: ' nobody', name: t('nobody'), value: nobody, isRest: true },
  ].filter(({ value }) => value > 0);
  return (
    <div className="min-w-0 lg:col-span-2">
      <Ranking
        title={t('byReferrer')}
        lead={t('byReferrerLead')}
        of={t('referrer')}
        rows={[...top.map(({ key, studies }) => ({ key, name: textOfFile(key), value: studies })), ...rest]}
      />
    </div>
  );
}

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Users } from 'lucide-react';
import { errorText } from '../../api/error.ts';
import { peopleQuery } from '../../entities/statistics/queries.ts';
import { formatNumber } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Empty, LoadError } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { ActivityFilters } from './activity-filters.tsx';
import { periodOf, type ViewProps } from './periods.ts';
import { Numbers, Section } from './section.tsx';
import { Waiting } from './tiles.tsx';

const COUNTS = ['opened', 'read', 'reported', 'amended', 'imported', 'exported'] as const;

/** What each person did, to who manages people. */
export function PeopleView({ search, onChange }: ViewProps) {
  const t = useText('activity');
  const locale = useLocale();
  const { data, error, refetch } = useQuery({ ...peopleQuery(periodOf(search)), placeholderData: keepPreviousData });
  return (
    <>
      <ActivityFilters search={search} onChange={onChange} hasPlaces={false} />
      {error !== null && data === undefined && <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Waiting />}
      {data?.people.length === 0 && (
        <Empty
          icon={<Users size={34} />}
          title={t('peopleEmpty')}
          action={<Button onPress={() => onChange({ range: 'year' })}>{t('wider')}</Button>}
        />
      )}
      {data !== undefined && data.people.length > 0 && (
        <Section title={t('people')} lead={t('peopleLead')}>
          <Numbers
            label={t('people')}
            head={[t('person'), ...COUNTS.map((count) => t(count))]}
            rows={data.people.map((person) => ({
              ...{ key: person.id, name: person.name ?? t('goneAccount') },
              cells: COUNTS.map((count) => formatNumber(person[count], locale)),
            }))}
          />
        </Section>
      )}
    </>
  );
}

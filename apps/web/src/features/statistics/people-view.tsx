import type { PeopleStatistics } from '@negatoscope/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Users } from 'lucide-react';
import { peopleQuery } from '../../entities/statistics/queries.ts';
import { formatNumber } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Empty } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { ActivityFilters } from './activity-filters.tsx';
import { Found } from './found.tsx';
import { periodOf, type ViewProps } from './periods.ts';
import { Numbers, Section } from './section.tsx';

const COUNTS = ['opened', 'read', 'reported', 'amended', 'imported', 'exported'] as const;

/** What each person did, to who manages people. */
export function PeopleView({ search, onChange }: ViewProps) {
  const asked = useQuery({ ...peopleQuery(periodOf(search)), placeholderData: keepPreviousData });
  return (
    <>
      <ActivityFilters search={search} onChange={onChange} hasPlaces={false} />
      <Found asked={asked}>
        {({ people }) => (people.length === 0 ? <Nobody onChange={onChange} /> : <People people={people} />)}
      </Found>
    </>
  );
}

function Nobody({ onChange }: Pick<ViewProps, 'onChange'>) {
  const t = useText('activity');
  return (
    <Empty
      icon={<Users size={34} />}
      title={t('peopleEmpty')}
      action={<Button onPress={() => onChange({ range: 'year' })}>{t('wider')}</Button>}
    />
  );
}

function People({ people }: Pick<PeopleStatistics, 'people'>) {
  const t = useText('activity');
  const locale = useLocale();
  return (
    <Section title={t('people')} lead={t('peopleLead')}>
      <Numbers
        label={t('people')}
        head={[t('person'), ...COUNTS.map((count) => t(count))]}
        rows={people.map((person) => ({
          ...{ key: person.id, name: person.name ?? t('goneAccount') },
          cells: COUNTS.map((count) => formatNumber(person[count], locale)),
        }))}
      />
    </Section>
  );
}

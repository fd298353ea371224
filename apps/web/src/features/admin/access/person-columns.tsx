import type { ReviewedPerson } from '@negatoscope/contract';
import { useMemo } from 'react';
import { formatInstant, formatName, formatNumber } from '../../../i18n/format.ts';
import { type Locale, type Text, useLocale, useText } from '../../../i18n/index.ts';
import type { Column } from '../../../ui/column.ts';
import { dim, patientsColumn } from './reached.tsx';
import { UnusedMark } from './unused-mark.tsx';

interface Words {
  readonly t: Text<'access'>;
  readonly admin: Text<'admin'>;
  readonly common: Text<'common'>;
  readonly locale: Locale;
}

const groupsOf = ({ groups }: ReviewedPerson): string => groups.map(({ name }) => name).join(', ');

const whoColumns = ({ t, admin, common }: Words): Column<ReviewedPerson>[] => [
  {
    id: 'name',
    header: t('person'),
    track: 'minmax(200px, 1.6fr)',
    sort: 'name',
    cell: (person) => (
      <>
        <span className="font-medium">{formatName(person)}</span>
        {person.isUnused && <UnusedMark />}
      </>
    ),
  },
  {
    id: 'role',
    header: admin('role'),
    track: 'minmax(176px, 1fr)',
    from: 560,
    sort: 'role',
    cell: ({ role, level }) => `${common(`role${role}`)}, ${common(`level${level}`)}`,
  },
  {
    id: 'group',
    header: admin('group'),
    track: 'minmax(90px, 1fr)',
    from: 1240,
    sort: 'group',
    cell: (person) => dim(groupsOf(person)),
  },
  { id: 'status', header: admin('status'), track: '84px', from: 1100, cell: ({ status }) => common(`user${status}`) },
];

const lastColumns = ({ t, admin, locale }: Words): Column<ReviewedPerson>[] => [
  patientsColumn({ t, locale }),
  {
    id: 'last',
    header: admin('lastLogin'),
    track: '148px',
    sort: 'lastLoginAt',
    cell: ({ lastLoginAt }) => dim(formatInstant(lastLoginAt, locale) || t('never')),
  },
  {
    id: 'use',
    header: t('lastUse'),
    track: '160px',
    from: 760,
    sort: 'lastUse',
    cell: ({ lastPatientUseAt }) => dim(formatInstant(lastPatientUseAt, locale) || t('never')),
  },
  {
    id: 'tokens',
    header: t('tokens'),
    track: '76px',
    from: 820,
    sort: 'tokens',
    end: true,
    cell: ({ tokens }) => dim(formatNumber(tokens.length, locale)),
  },
];

export function usePersonColumns(): readonly Column<ReviewedPerson>[] {
  const t = useText('access');
  const admin = useText('admin');
  const common = useText('common');
  const locale = useLocale();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the texts change with the language only.
  return useMemo(() => {
    const words = { t, admin, common, locale };
    return [...whoColumns(words), ...lastColumns(words)];
  }, [locale]);
}

/** On a phone. */
export function PersonCard({ person }: { person: ReviewedPerson }) {
  const t = useText('access');
  const common = useText('common');
  const locale = useLocale();
  return (
    <div className="flex min-w-0 flex-col gap-0.5">
      <div className="flex items-baseline justify-between gap-3">
        <span className="truncate font-medium">{formatName(person)}</span>
        <span className="shrink-0 text-[13px]">{person.isUnused ? <UnusedMark /> : common(`user${person.status}`)}</span>
      </div>
      <div className="flex items-baseline justify-between gap-3 text-[13px] text-dim">
        <span className="truncate">{[common(`role${person.role}`), groupsOf(person)].filter(Boolean).join(' · ')}</span>
        <span className="shrink-0">
          {t('patients')} {formatNumber(person.patients, locale)}
        </span>
      </div>
    </div>
  );
}

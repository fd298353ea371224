import type { ManagedUser, User } from '@negatoscope/contract';
import { useMemo } from 'react';
import { groupIdsOf } from '../../entities/group/own-groups.ts';
import { formatInstant, formatName } from '../../i18n/format.ts';
import { type Locale, type Text, useLocale, useText } from '../../i18n/index.ts';
import type { Column } from '../../ui/column.ts';
import { useWays } from './user-ways.ts';

const SIGNS = { ACTIVE: ['●', 'text-accent'], INACTIVE: ['○', 'text-dim'], SUSPENDED: ['×', 'text-danger'] } as const;

interface Words {
  readonly t: Text<'admin'>;
  readonly people: Text<'people'>;
  readonly common: Text<'common'>;
  readonly locale: Locale;
  /** Of groups, the main one first. */
  readonly groupNames: (ids: readonly string[]) => string;
}

function UserStatus({ status }: Pick<User, 'status'>) {
  const common = useText('common');
  const [sign, tone] = SIGNS[status];
  return (
    <>
      <span aria-hidden="true" className={`mr-1.5 ${tone}`}>
        {sign}
      </span>
      {common(`user${status}`)}
    </>
  );
}

function Ways({ user }: { user: ManagedUser }) {
  const waysOf = useWays();
  return <span className="text-dim">{waysOf(user)}</span>;
}

const personColumns = ({ t, common }: Words): Column<ManagedUser>[] => [
  {
    id: 'name',
    header: t('name'),
    track: 'minmax(190px, 1.8fr)',
    sort: 'name',
    cell: (user) => <span className="font-medium">{formatName(user)}</span>,
  },
  { id: 'email', header: t('email'), track: 'minmax(140px, 1.6fr)', from: 560, sort: 'email', cell: (user) => user.email },
  { id: 'role', header: t('role'), track: 'minmax(84px, 120px)', cell: (user) => common(`role${user.role}`) },
  {
    id: 'level',
    header: t('level'),
    track: '112px',
    from: 1140,
    cell: (user) => <span className="text-dim">{common(`level${user.level}`)}</span>,
  },
];

const stateColumns = ({ t, people, locale, groupNames }: Words): Column<ManagedUser>[] => [
  {
    id: 'group',
    header: t('groups'),
    track: 'minmax(90px, 1fr)',
    from: 960,
    cell: (user) => <span className="text-dim">{groupNames(groupIdsOf(user))}</span>,
  },
  {
    id: 'ways',
    header: people('ways'),
    track: 'minmax(110px, 1fr)',
    from: 1080,
    cell: (user) => <Ways user={user} />,
  },
  { id: 'status', header: t('status'), track: '104px', cell: ({ status }) => <UserStatus status={status} /> },
  {
    id: 'last',
    header: t('lastLogin'),
    track: '148px',
    from: 760,
    sort: 'lastLoginAt',
    cell: (user) => <span className="text-dim">{formatInstant(user.lastLoginAt, locale) || t('never')}</span>,
  },
];

/** On a phone. */
export function UserCard({ user }: { user: ManagedUser }) {
  const common = useText('common');
  return (
    <div className="flex min-w-0 flex-col gap-0.5">
      <div className="flex items-baseline justify-between gap-3">
        <span className="truncate font-medium">{formatName(user)}</span>
        <span className="shrink-0 text-[13px]">
          <UserStatus status={user.status} />
        </span>
      </div>
      <div className="flex items-baseline justify-between gap-3 text-[13px] text-dim">
        <span className="truncate">{user.email}</span>
        <span className="shrink-0">{common(`role${user.role}`)}</span>
      </div>
    </div>
  );
}

export function useUserColumns(groupNames: Words['groupNames']): readonly Column<ManagedUser>[] {
  const t = useText('admin');
  const people = useText('people');
  const common = useText('common');
  const locale = useLocale();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the texts change with the language only.
  return useMemo(() => {
    const words = { t, people, common, locale, groupNames };
    return [...personColumns(words), ...stateColumns(words)];
  }, [locale, groupNames]);
}

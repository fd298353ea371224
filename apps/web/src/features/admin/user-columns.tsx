import type { ManagedUser, User } from '@negatoscope/contract';
import { useMemo } from 'react';
import { groupIdsOf } from '../../entities/group/site.ts';
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
  readonly groupNames: (ids: readonly string[]) => readonly string[];
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

/** The main group, and how many more: a list of several would be cut in the middle of one. */
function Groups({ names }: { names: readonly string[] }) {
  const [main, ...further] = names;
  if (main === undefined) return null;
  return (
    <span className="flex min-w-0 gap-1.5 text-dim" title={names.join(', ')}>
      <span className="truncate">{main}</span>
      {further.length > 0 && (
        <span className="shrink-0">
          <span aria-hidden="true">+{further.length}</span>
          <span className="sr-only">, {further.join(', ')}</span>
        </span>
      )}
    </span>
  );
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
  { id: 'role', header: t('role'), track: 'minmax(84px, 112px)', cell: (user) => common(`role${user.role}`) },
  {
    id: 'level',
    header: t('level'),
    track: '100px',
    from: 1180,
    cell: (user) => <span className="text-dim">{common(`level${user.level}`)}</span>,
  },
];

const stateColumns = ({ t, people, locale, groupNames }: Words): Column<ManagedUser>[] => [
  {
    id: 'group',
    header: t('groups'),
    track: 'minmax(90px, 1.4fr)',
    from: 960,
    cell: (user) => <Groups names={groupNames(groupIdsOf(user))} />,
  },
  {
    id: 'ways',
    header: people('ways'),
    track: 'minmax(110px, 1fr)',
    from: 1300,
    cell: (user) => <Ways user={user} />,
  },
  { id: 'status', header: t('status'), track: '92px', cell: ({ status }) => <UserStatus status={status} /> },
  {
    id: 'last',
    header: t('lastLogin'),
    track: '136px',
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

import type { ManagedUser } from '@negatoscope/contract';
import { WAITING } from '@negatoscope/contract/user-filters';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { ScrollText, UserRoundPlus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { listProps, useCursorList } from '../../api/use-cursor-list.ts';
import { groupsQuery } from '../../entities/group/queries.ts';
import { formatName } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Empty, LoadError } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { DataList, Total } from '../../ui/data-list.tsx';
import { PageHead } from '../../ui/page.tsx';
import { UserCard, useUserColumns } from './user-columns.tsx';
import { UserDialog } from './user-dialog.tsx';
import { FILTERS, NO_FILTER, UserFilters, type UsersChange, type UsersSearch } from './user-filters.tsx';
import { RolesDialog } from './user-rights.tsx';
import { providerName } from './user-ways.ts';

const useUsers = (search: UsersSearch) =>
  useCursorList(['users', search], (cursor, signal) => call('listUsers', { query: { ...search, limit: 100, cursor }, signal }));

export function UsersPage() {
  const search = useSearch({ from: '/app/admin/users' });
  const navigate = useNavigate({ from: '/app/admin/users' });
  const [edited, setEdited] = useState<ManagedUser | 'new'>();
  const groups = useQuery(groupsQuery).data?.items;
  const groupNames = useMemo(() => {
    const names = new Map(groups?.map(({ id, name }) => [id, name]));
    return (ids: readonly string[]) => ids.flatMap((id) => names.get(id) ?? []);
  }, [groups]);
  const set = (change: UsersChange): void =>
    void navigate({ search: (previous) => ({ ...previous, ...change }) as UsersSearch, replace: true }); // Read back through validateSearch.
  const list = useUsers(search);
  return (
    <section className="flex min-h-0 flex-1 flex-col">
      <UsersHead total={list.total} isExact={list.totalIsExact} onNew={() => setEdited('new')} />
      <UserFilters search={search} groups={groups ?? []} onChange={set} />
      {search.status !== 'INACTIVE' && <Waiting onOpen={setEdited} />}
      <UserList list={list} search={search} groupNames={groupNames} onChange={set} onOpen={setEdited} />
      <UserDialog edited={edited} groups={groups ?? []} onClose={() => setEdited(undefined)} />
    </section>
  );
}

function UsersHead({ total, isExact, onNew }: { total: number | undefined; isExact: boolean; onNew: () => void }) {
  const t = useText('admin');
  const people = useText('people');
  const [asksRights, setAsksRights] = useState(false);
  return (
    <PageHead title={t('usersTitle')} aside={<Total total={total} isExact={isExact} />}>
      <Button icon={<ScrollText size={16} />} onPress={() => setAsksRights(true)}>
        {people('rights')}
      </Button>
      <Button icon={<UserRoundPlus size={16} />} onPress={onNew}>
        {t('newUser')}
      </Button>
      <RolesDialog isOpen={asksRights} onClose={() => setAsksRights(false)} />
    </PageHead>
  );
}

interface ListProps {
  readonly list: ReturnType<typeof useUsers>;
  readonly search: UsersSearch;
  readonly groupNames: (ids: readonly string[]) => readonly string[];
  readonly onChange: (change: UsersChange) => void;
  readonly onOpen: (user: ManagedUser) => void;
}
function UserList({ list, search, groupNames, onChange, onOpen }: ListProps) {
  const t = useText('admin');
  const people = useText('people');
  const common = useText('common');
  const locale = useLocale();
  const columns = useUserColumns(groupNames);
  const isFiltered = FILTERS.some((name) => search[name] !== undefined);
  if (list.error !== null) return <LoadError message={errorText(list.error, locale)} onRetry={list.reload} />;
  return (
    <DataList
      label={t('usersTitle')}
      columns={columns}
      {...listProps(list)}
      rowId={(user) => user.id}
      card={(user) => <UserCard user={user} />}
      onOpen={onOpen}
      sort={search.sort ?? 'name'}
      onSort={(sort) => onChange({ sort: sort === 'name' ? undefined : sort })}
      empty={
        <Empty
          title={t('noUsers')}
          action={isFiltered && <Button onPress={() => onChange(NO_FILTER)}>{common('clearFilters')}</Button>}
        >
          {people('noMatchText')}
        </Empty>
      }
    />
  );
}

const MOST_NAMED = 5;

const useWaiting = () =>
  useQuery({
    queryKey: ['users', 'waiting'],
    queryFn: ({ signal }) =>
      call('listUsers', {
        query: { ...WAITING, sort: '-createdAt', limit: MOST_NAMED },
        signal,
      }),
  }).data;

/** Who came by an identity provider and is not let in yet; nothing where there is nobody. */
function Waiting({ onOpen }: { onOpen: (user: ManagedUser) => void }) {
  const t = useText('people');
  const waiting = useWaiting();
  if (waiting === undefined || waiting.items.length === 0) return null;
  const nameOf = (user: ManagedUser, [identity] = user.identities): string =>
    identity === undefined ? formatName(user) : t('waitingOf', { name: formatName(user), provider: providerName(identity) });
  return (
    <section
      aria-label={t('waiting', { count: waiting.total })}
      className="mx-4 mb-2 rounded-lg border border-amber/40 bg-amber/10 p-3"
    >
      <p className="font-medium">
        <span aria-hidden="true" className="mr-2 font-bold text-amber">
          !
        </span>
        {t('waiting', { count: waiting.total })}
      </p>
      <p className="text-[13px] text-dim">{t('waitingText', { count: waiting.total })}</p>
      <div className="mt-2 flex flex-wrap items-center gap-2">
        {waiting.items.map((user) => (
          <Button key={user.id} size="small" onPress={() => onOpen(user)}>
            {nameOf(user)}
          </Button>
        ))}
        {waiting.total > waiting.items.length && (
          <Link to="/app/admin/users" search={WAITING} className="px-1 text-[13px] text-accent underline">
            {t('waitingAll')}
          </Link>
        )}
      </div>
    </section>
  );
}

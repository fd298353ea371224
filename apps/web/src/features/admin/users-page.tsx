import type { User } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { UserRoundPlus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { useCursorList } from '../../api/use-cursor-list.ts';
import { formatInstant, formatName } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Empty, LoadError } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { type Column, DataList, Total } from '../../ui/data-list.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { PageHead, SearchBox } from '../../ui/page.tsx';
import { UserForm } from './user-form.tsx';

export const groupsQuery = {
  queryKey: ['groups'],
  queryFn: ({ signal }: { signal: AbortSignal }) => call('listGroups', { query: { limit: 200 }, signal }),
};
const SIGNS = { ACTIVE: ['●', 'text-accent'], INACTIVE: ['○', 'text-dim'], SUSPENDED: ['×', 'text-danger'] } as const;

function useUserColumns(groupName: (id: string | null) => string): readonly Column<User>[] {
  const t = useText('admin');
  const common = useText('common');
  const locale = useLocale();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the texts change with the language only.
  return useMemo(
    (): Column<User>[] => [
      {
        id: 'name',
        header: t('name'),
        track: 'minmax(140px, 1.4fr)',
        cell: (user) => <span className="font-medium">{formatName(user)}</span>,
      },
      { id: 'email', header: t('email'), track: 'minmax(140px, 1.6fr)', from: 560, cell: (user) => user.email },
      { id: 'role', header: t('role'), track: 'minmax(84px, 120px)', cell: (user) => common(`role${user.role}`) },
      {
        id: 'level',
        header: t('level'),
        track: '112px',
        from: 820,
        cell: (user) => <span className="text-dim">{common(`level${user.level}`)}</span>,
      },
      {
        id: 'group',
        header: t('group'),
        track: 'minmax(90px, 1fr)',
        from: 960,
        cell: (user) => <span className="text-dim">{groupName(user.groupId)}</span>,
      },
      {
        id: 'status',
        header: t('status'),
        track: '104px',
        cell: (user) => (
          <>
            <span aria-hidden="true" className={`mr-1.5 ${SIGNS[user.status][1]}`}>
              {SIGNS[user.status][0]}
            </span>
            {common(`user${user.status}`)}
          </>
        ),
      },
      {
        id: 'last',
        header: t('lastLogin'),
        track: '136px',
        from: 760,
        cell: (user) => <span className="text-dim">{formatInstant(user.lastLoginAt, locale) || t('never')}</span>,
      },
    ],
    [locale, groupName],
  );
}

export function UsersPage() {
  const t = useText('admin');
  const locale = useLocale();
  const { q } = useSearch({ from: '/app/admin/users' });
  const navigate = useNavigate({ from: '/app/admin/users' });
  const [edited, setEdited] = useState<User | 'new'>();
  const groups = useQuery(groupsQuery).data?.items;
  const groupName = useMemo(() => (id: string | null) => groups?.find((group) => group.id === id)?.name ?? '', [groups]);
  const columns = useUserColumns(groupName);
  const list = useCursorList(['users', q], (cursor, signal) => call('listUsers', { query: { q, limit: 100, cursor }, signal }));
  const close = () => setEdited(undefined);
  return (
    <section className="flex min-h-0 flex-1 flex-col">
      <PageHead title={t('usersTitle')} aside={<Total total={list.total} isExact={list.totalIsExact} />}>
        <Button icon={<UserRoundPlus size={16} />} onPress={() => setEdited('new')}>
          {t('newUser')}
        </Button>
      </PageHead>
      <div className="flex gap-2 px-4 pb-2">
        <SearchBox
          value={q ?? ''}
          label={t('searchUsers')}
          placeholder={t('searchUsers')}
          onChange={(value) => void navigate({ search: value === '' ? {} : { q: value }, replace: true })}
        />
      </div>
      {list.error !== null ? (
        <LoadError message={errorText(list.error, locale)} onRetry={list.reload} />
      ) : (
        <DataList
          label={t('usersTitle')}
          columns={columns}
          rows={list.rows}
          rowId={(user) => user.id}
          total={list.total}
          isLoading={list.isLoading}
          isPrevious={list.isPrevious}
          hasMore={list.hasMore}
          onMore={list.more}
          onOpen={setEdited}
          empty={<Empty title={t('noUsers')} />}
        />
      )}
      <Dialog
        title={edited === 'new' || edited === undefined ? t('newUser') : t('editUser', { name: formatName(edited) })}
        isOpen={edited !== undefined}
        onClose={close}
        wide
      >
        {edited !== undefined && <UserForm user={edited === 'new' ? undefined : edited} groups={groups ?? []} onClose={close} />}
      </Dialog>
    </section>
  );
}

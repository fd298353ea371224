import type { Group, User } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { UserRoundPlus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { listProps, useCursorList } from '../../api/use-cursor-list.ts';
import { groupsQuery } from '../../entities/group/queries.ts';
import { formatInstant, formatName } from '../../i18n/format.ts';
import { type Locale, type Text, useLocale, useText } from '../../i18n/index.ts';
import { Empty, LoadError } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import type { Column } from '../../ui/column.ts';
import { DataList, Total } from '../../ui/data-list.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { PageHead, SearchBox } from '../../ui/page.tsx';
import { Invitation, type Invited } from './invitation.tsx';
import { UserForm } from './user-form.tsx';

const SIGNS = { ACTIVE: ['●', 'text-accent'], INACTIVE: ['○', 'text-dim'], SUSPENDED: ['×', 'text-danger'] } as const;

interface Words {
  readonly t: Text<'admin'>;
  readonly common: Text<'common'>;
  readonly locale: Locale;
  readonly groupName: (id: string | null) => string;
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

const personColumns = ({ t, common }: Words): Column<User>[] => [
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
];

const stateColumns = ({ t, locale, groupName }: Words): Column<User>[] => [
  {
    id: 'group',
    header: t('group'),
    track: 'minmax(90px, 1fr)',
    from: 960,
    cell: (user) => <span className="text-dim">{groupName(user.groupId)}</span>,
  },
  { id: 'status', header: t('status'), track: '104px', cell: ({ status }) => <UserStatus status={status} /> },
  {
    id: 'last',
    header: t('lastLogin'),
    track: '136px',
    from: 760,
    cell: (user) => <span className="text-dim">{formatInstant(user.lastLoginAt, locale) || t('never')}</span>,
  },
];

function useUserColumns(groupName: Words['groupName']): readonly Column<User>[] {
  const t = useText('admin');
  const common = useText('common');
  const locale = useLocale();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the texts change with the language only.
  return useMemo(() => {
    const words = { t, common, locale, groupName };
    return [...personColumns(words), ...stateColumns(words)];
  }, [locale, groupName]);
}

export function UsersPage() {
  const t = useText('admin');
  const locale = useLocale();
  const { q } = useSearch({ from: '/app/admin/users' });
  const [edited, setEdited] = useState<User | 'new'>();
  const groups = useQuery(groupsQuery).data?.items;
  const groupName = useMemo(() => (id: string | null) => groups?.find((group) => group.id === id)?.name ?? '', [groups]);
  const columns = useUserColumns(groupName);
  const list = useCursorList(['users', q], (cursor, signal) => call('listUsers', { query: { q, limit: 100, cursor }, signal }));
  return (
    <section className="flex min-h-0 flex-1 flex-col">
      <PageHead title={t('usersTitle')} aside={<Total total={list.total} isExact={list.totalIsExact} />}>
        <Button icon={<UserRoundPlus size={16} />} onPress={() => setEdited('new')}>
          {t('newUser')}
        </Button>
      </PageHead>
      <Search q={q} />
      <Waiting onOpen={setEdited} />
      {list.error !== null ? (
        <LoadError message={errorText(list.error, locale)} onRetry={list.reload} />
      ) : (
        <DataList
          label={t('usersTitle')}
          columns={columns}
          {...listProps(list)}
          rowId={(user) => user.id}
          onOpen={setEdited}
          empty={<Empty title={t('noUsers')} />}
        />
      )}
      <UserDialog edited={edited} groups={groups ?? []} onClose={() => setEdited(undefined)} />
    </section>
  );
}

const MOST_NAMED = 5;

/** People whose account is not active yet, as after their first way in by an identity provider; nothing where there is nobody. */
function Waiting({ onOpen }: { onOpen: (user: User) => void }) {
  const t = useText('admin');
  const waiting = useQuery({
    queryKey: ['users', 'waiting'],
    queryFn: ({ signal }) => call('listUsers', { query: { status: 'INACTIVE', limit: MOST_NAMED }, signal }),
  }).data;
  if (waiting === undefined || waiting.items.length === 0) return null;
  return (
    <section
      aria-label={t('waitingUsers')}
      className="mx-4 mb-2 flex flex-wrap items-center gap-2 rounded-lg border border-line-strong/60 p-3"
    >
      <p className="mr-1">{t('waitingUsers')}</p>
      {waiting.items.map((user) => (
        <Button key={user.id} size="small" onPress={() => onOpen(user)}>
          {formatName(user)}
        </Button>
      ))}
    </section>
  );
}

function Search({ q }: { q: string | undefined }) {
  const t = useText('admin');
  const navigate = useNavigate({ from: '/app/admin/users' });
  return (
    <div className="flex gap-2 px-4 pb-2">
      <SearchBox
        value={q ?? ''}
        label={t('searchUsers')}
        placeholder={t('searchUsers')}
        onChange={(value) => void navigate({ search: value === '' ? {} : { q: value }, replace: true })}
      />
    </div>
  );
}

interface DialogProps {
  readonly edited: User | 'new' | undefined;
  readonly groups: readonly Group[];
  readonly onClose: () => void;
}
function UserDialog({ edited, groups, onClose }: DialogProps) {
  const t = useText('admin');
  const [invited, setInvited] = useState<Invited>();
  const title = edited === 'new' || edited === undefined ? t('newUser') : t('editUser', { name: formatName(edited) });
  const onInvited = (made: Invited): void => {
    onClose();
    setInvited(made);
  };
  return (
    <>
      <Dialog title={title} isOpen={edited !== undefined} onClose={onClose} wide>
        {edited !== undefined && (
          <UserForm user={edited === 'new' ? undefined : edited} groups={groups} onClose={onClose} onInvited={onInvited} />
        )}
      </Dialog>
      <Dialog
        title={invited === undefined ? '' : t('invited', { name: formatName(invited.user) })}
        isOpen={invited !== undefined}
        onClose={() => setInvited(undefined)}
      >
        {invited !== undefined && <Invitation invited={invited} onClose={() => setInvited(undefined)} />}
      </Dialog>
    </>
  );
}

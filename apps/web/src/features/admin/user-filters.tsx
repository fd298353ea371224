import type { Group } from '@negatoscope/contract';
import { ROLES } from '@negatoscope/contract/permissions';
import { LAST_SEEN, LONG_AGO_DAYS, WAYS } from '@negatoscope/contract/user-filters';
import { useText } from '../../i18n/index.ts';
import { USER_STATUSES, type usersSearch } from '../../routing/search-params.ts';
import { type Choice, FilterSelect } from '../../ui/field.tsx';
import { FoldedFilters, setOf } from '../../ui/folded-filters.tsx';
import { SearchBox } from '../../ui/page.tsx';

export type UsersSearch = ReturnType<typeof usersSearch>;
export type UsersChange = Partial<Record<keyof UsersSearch, string | undefined>>;

export const FILTERS = ['q', 'role', 'groupId', 'status', 'way', 'lastSeen'] as const;
export const NO_FILTER: UsersChange = Object.fromEntries(FILTERS.map((name) => [name, undefined]));

interface OneFilter {
  readonly name: Exclude<(typeof FILTERS)[number], 'q'>;
  readonly label: string;
  readonly choices: readonly Choice[];
}

function useFilters(groups: readonly Group[]): readonly OneFilter[] {
  const t = useText('people');
  const admin = useText('admin');
  const common = useText('common');
  const any = (label: string): Choice => ({ value: '', label });
  const groupChoices = groups.map(({ id, name }) => ({ value: id, label: name }));
  return [
    {
      ...{ name: 'role', label: admin('role') },
      choices: [any(t('anyRole')), ...ROLES.map((value) => ({ value, label: common(`role${value}`) }))],
    },
    {
      ...{ name: 'groupId', label: admin('group') },
      choices: [any(t('anyGroup')), { value: 'none', label: admin('noGroup') }, ...groupChoices],
    },
    {
      ...{ name: 'status', label: admin('status') },
      choices: [any(t('anyStatus')), ...USER_STATUSES.map((value) => ({ value, label: common(`user${value}`) }))],
    },
    {
      ...{ name: 'way', label: t('way') },
      choices: [any(t('anyWay')), ...WAYS.map((value) => ({ value, label: t(`way${value}`) }))],
    },
    {
      ...{ name: 'lastSeen', label: t('lastSeen') },
      choices: [
        any(t('anyLastSeen')),
        ...LAST_SEEN.map((value) => ({ value, label: t(`lastSeen${value}`, { days: LONG_AGO_DAYS }) })),
      ],
    },
  ];
}

interface Props {
  readonly search: UsersSearch;
  readonly groups: readonly Group[];
  readonly onChange: (change: UsersChange) => void;
}

/** What the list is narrowed to; all of it stands in the address. */
export function UserFilters({ search, groups, onChange }: Props) {
  const admin = useText('admin');
  const orNothing = (value: string) => (value === '' ? undefined : value);
  return (
    <div className="flex flex-wrap items-center gap-2 px-4 pb-2 [&_select]:[field-sizing:content]">
      <SearchBox
        value={search.q ?? ''}
        label={admin('searchUsers')}
        placeholder={admin('searchUsers')}
        onChange={(q) => onChange({ q: orNothing(q) })}
      />
      <FoldedFilters set={setOf(search, ['role', 'groupId', 'status', 'way', 'lastSeen'])}>
        {useFilters(groups).map(({ name, label, choices }) => (
          <FilterSelect
            key={name}
            label={label}
            value={search[name] ?? ''}
            choices={choices}
            onChange={(value) => onChange({ [name]: orNothing(value) })}
          />
        ))}
      </FoldedFilters>
    </div>
  );
}

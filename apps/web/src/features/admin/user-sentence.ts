import type { Group, UserEvent } from '@negatoscope/contract';
import { LEVELS, ROLES } from '@negatoscope/contract/permissions';
import { type Text, useText } from '../../i18n/index.ts';
import { USER_STATUSES } from '../../routing/search-params.ts';

type Change = UserEvent['changes'][number];

interface Words {
  readonly t: Text<'people'>;
  readonly common: Text<'common'>;
  readonly groups: readonly Group[];
}

/** By a link, by a password: done by who the account belongs to, signed in or not. */
const OWN = new Set<UserEvent['kind']>([
  'PASSWORD_SET',
  'LINKED',
  'FACTOR_SET',
  'FACTOR_REMOVED',
  'PASSKEY_ADDED',
  'PASSKEY_REMOVED',
]);

const nameOf = { role: 'Role', level: 'Level', status: 'Status', groupId: 'GroupId', groupIds: 'GroupIds' } as const;

/** A value of the contract as one says it; what a later version may add stands as it is. */
function valueIn({ t, common, groups }: Words, field: Change['field'], value: string | null): string {
  if (field === 'groupId' || field === 'groupIds') {
    const name = (id: string): string => groups.find((group) => group.id === id)?.name ?? t('aDeletedGroup');
    return value === null ? t('noGroup') : value.split(' ').map(name).join(' + ');
  }
  const role = ROLES.find((one) => one === value);
  const level = LEVELS.find((one) => one === value);
  const status = USER_STATUSES.find((one) => one === value);
  if (field === 'role' && role !== undefined) return common(`role${role}`);
  if (field === 'level' && level !== undefined) return common(`level${level}`);
  if (field === 'status' && status !== undefined) return common(`user${status}`);
  return value ?? '';
}

function changeIn(words: Words, { field, from, to, isTold }: Change, isFirst: boolean): string {
  const { t } = words;
  if (!isTold) return t(`untold${nameOf[field]}`);
  const [before, after] = [valueIn(words, field, from), valueIn(words, field, to)];
  return isFirst ? t(`given${nameOf[field]}`, { to: after }) : t(`changed${nameOf[field]}`, { from: before, to: after });
}

function whoIn({ t }: Words, { kind, actorId, actorName, provider }: UserEvent): string {
  if (actorName !== null) return actorName;
  if (actorId !== null) return t('byDeleted');
  if (OWN.has(kind)) return t('byThemselves');
  return provider === null ? t('byServer') : t('byProvider', { provider });
}

/** One event of an account as a sentence. */
export function useSentence(groups: readonly Group[]): (event: UserEvent) => string {
  const words: Words = { t: useText('people'), common: useText('common'), groups };
  const { t } = words;
  return (event) => {
    const who = whoIn(words, event);
    const changes = event.changes.map((change) => changeIn(words, change, event.kind === 'CREATED')).join(', ');
    if (event.kind === 'RIGHTS') return t('toldChanges', { who, changes });
    const what = t(`told${event.kind}`, { provider: event.provider ?? '' });
    return changes === '' ? t('told', { who, what }) : t('toldWithChanges', { who, what, changes });
  };
}

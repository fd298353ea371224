import { type EventKind, type listUserEvents, type QueryOf, type ResultOf, RIGHTS, type UserEvent } from '@negatoscope/contract';
import { type Person, requirePermission, scopeOf } from '../../access/index.ts';
import { notFound } from '../../kernel/failure.ts';
import { anInstant, aUuid, decodeCursor, encodeCursor } from '../../kernel/list.ts';
import type { IdentityContext } from './context.ts';

/** What an event of the journal is to who asks for somebody's rights. One of `fields` is told by what these are. */
const KIND_OF: Readonly<Record<string, EventKind>> = {
  'user.created': 'CREATED',
  'user.updated': 'RIGHTS',
  'user.profile-updated': 'EMAIL',
  'user.invited': 'INVITED',
  'user.password-set': 'PASSWORD_SET',
  'user.password-reset': 'PASSWORD_RESET',
  'user.linked': 'LINKED',
  'user.joined': 'JOINED',
  'user.factor-set': 'FACTOR_SET',
  'user.factor-removed': 'FACTOR_REMOVED',
  'user.passkey-added': 'PASSKEY_ADDED',
  'user.passkey-removed': 'PASSKEY_REMOVED',
  'user.factor-reset': 'FACTOR_RESET',
};
const FIELDS = [...RIGHTS, 'email', 'password'] as const;

type Details = Readonly<Record<string, unknown>>;
type Row = Awaited<ReturnType<IdentityContext['audit']['accountEventsOf']>>[number];

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const fieldsOf = ({ fields }: Details): readonly unknown[] => (Array.isArray(fields) ? fields : []);

/** What all groups say the main one says no second time. */
function toldOf(isNamed: (field: (typeof RIGHTS)[number]) => boolean): (typeof RIGHTS)[number][] {
  const named = RIGHTS.filter(isNamed);
  return named.includes('groupIds') ? named.filter((field) => field !== 'groupId') : named;
}

/** At the beginning there was nothing; an event of an earlier version tells only which of them changed. */
function changesOf({ action, details, group_id: groupId }: Row): UserEvent['changes'] {
  if (action === 'user.created') {
    const given: Details = { ...details, groupId };
    return toldOf((field) => textOf(given[field]) !== null).map((field) => ({
      ...{ field, from: null, to: textOf(given[field]), isTold: true },
    }));
  }
  const changed = fieldsOf(details);
  return toldOf((field) => changed.includes(field)).map((field) => ({
    ...{ field, from: textOf(details[`${field}From`]), to: textOf(details[`${field}To`]) },
    isTold: `${field}To` in details,
  }));
}

/** One event may have done several things. */
function kindsOf({ action, details }: Row): readonly EventKind[] {
  const [kind, fields] = [KIND_OF[action], fieldsOf(details)];
  if (kind === undefined) return [];
  if (kind === 'INVITED' && details.endsPassword === true) return ['PASSWORD_ENDED'];
  if (kind !== 'RIGHTS' && kind !== 'EMAIL') return [kind];
  const isOwn = kind === 'EMAIL';
  return [
    ...(RIGHTS.some((field) => fields.includes(field)) ? (['RIGHTS'] as const) : []),
    ...(fields.includes('email') ? (['EMAIL'] as const) : []),
    ...(fields.includes('password') ? ([isOwn ? 'PASSWORD_SET' : 'PASSWORD_BY_OTHER'] as const) : []),
  ];
}

const toEvents = ({ providerNames }: IdentityContext, row: Row): UserEvent[] =>
  kindsOf(row).map((kind) => ({
    ...{ id: row.id, at: row.occurred_at.toISOString(), kind },
    ...{ actorId: row.actor_id, actorName: row.person_name ?? row.actor },
    provider: providerNames.get(String(row.details.provider)) ?? textOf(row.details.provider),
    changes: kind === 'RIGHTS' || kind === 'CREATED' ? changesOf(row) : [],
  }));

/** What was done to somebody's rights and ways in, of the journal. Permission: `users.manage`. Fails with NOT_FOUND, BAD_CURSOR. */
export async function history(
  context: IdentityContext,
  actor: Person,
  id: string,
  { cursor, limit }: QueryOf<typeof listUserEvents>,
): Promise<ResultOf<typeof listUserEvents>> {
  requirePermission(actor, 'users.manage');
  const { audit, db } = context;
  const [at, last] = cursor === undefined ? [] : decodeCursor(cursor, anInstant, aUuid);
  const after = at === undefined || last === undefined ? undefined : { at, id: last };
  const rows = await db.withScope(scopeOf(actor), async (tx) => {
    if ((await tx.first('SELECT id FROM users WHERE id = $1', [id])) === undefined) throw notFound();
    const asked = { userId: id, actions: Object.keys(KIND_OF), fields: FIELDS, after, limit: limit + 1 };
    return audit.accountEventsOf(tx, asked);
  });
  if (cursor === undefined) await audit.noteLightly({ action: 'user.history', actor, entityType: 'user', entityId: id });
  const page = rows.slice(0, limit);
  const end = page.at(-1);
  return {
    items: page.flatMap((row) => toEvents(context, row)),
    nextCursor: rows.length > limit && end !== undefined ? encodeCursor([end.occurred_at.toISOString(), end.id]) : null,
  };
}

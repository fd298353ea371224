/** How somebody may come in: `NONE` has neither set a password nor a passkey, nor come by an identity provider. */
export const WAYS = ['PASSWORD', 'PASSKEY', 'PROVIDER', 'NONE'] as const;
export type Way = (typeof WAYS)[number];

/** When somebody signed in last: never, or longer ago than `LONG_AGO_DAYS`. */
export const LAST_SEEN = ['NEVER', 'LONG_AGO'] as const;
export const LONG_AGO_DAYS = 90;

/** What of an account decides what its person may do, and where; `groupIds` is told where there are several. */
export const RIGHTS = ['role', 'level', 'status', 'groupId', 'groupIds'] as const;
/** By what a list finds who waits to be let in. */
export const WAITING = { status: 'INACTIVE', way: 'PROVIDER', lastSeen: 'NEVER' } as const;
/** Whether somebody waits to be let in: the account of who has come by an identity provider and is unknown here. */
export const isWaiting = (user: {
  readonly status: string;
  readonly hasPassword: boolean;
  readonly identities: readonly unknown[];
  readonly lastLoginAt: string | null;
}): boolean => user.status === 'INACTIVE' && !user.hasPassword && user.lastLoginAt === null && user.identities.length > 0;

/** What is told of somebody's account, in the order in which it may happen to it. */
export const EVENT_KINDS = [
  'CREATED',
  'RIGHTS',
  'EMAIL',
  'PASSWORD_BY_OTHER',
  'PASSWORD_RESET',
  'PASSWORD_ENDED',
  'INVITED',
  'PASSWORD_SET',
  'LINKED',
  'JOINED',
  'FACTOR_SET',
  'FACTOR_REMOVED',
  'PASSKEY_ADDED',
  'PASSKEY_REMOVED',
  'FACTOR_RESET',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

import type { Me, Permission, User } from '@negatoscope/contract';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { call } from './client.ts';
import { csrfHeader } from './csrf.ts';
import { isAskedEarly, loseEarly } from './early-answer.ts';
import { forgetKeptEdits, takeLastChances } from './kept-edits.ts';
import { leavePlain } from './plain-picture.ts';
import { queryClient } from './query-client.ts';
import { ROUTES } from './routes.ts';
import { sessionEnded, sessionStarted } from './session.ts';

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ signal }): Promise<Me> => {
    const isEarly = isAskedEarly(ROUTES.me.slice('GET '.length));
    let me = await call('me', { signal });
    // Asked before the application was here, by a session that this browser has no more: whoever is here by now is asked for again.
    if (isEarly && me.csrfToken !== (csrfHeader()['X-CSRF-Token'] ?? '')) {
      leavePlain();
      loseEarly();
      me = await call('me', { signal });
    }
    sessionStarted(me.expiresAt, false);
    return me;
  },
  staleTime: 5 * 60_000,
});

export function useMe(): Me | undefined {
  return useQuery(meQuery).data;
}
export function useUser(): User | undefined {
  return useMe()?.user;
}
/** Whether what is shown below is open for reading alone, as in an emergency: what the server refuses there is not offered. */
export const OnlyReads = createContext(false);
const READING: ReadonlySet<Permission> = new Set([
  ...(['patients.read', 'patients.identity', 'patients.emergency', 'studies.read'] as const),
  ...(['annotations.read', 'reports.read', 'predictions.read', 'consultations.read', 'statistics.read'] as const),
]);

/** Whether the signed-in person has a permission, here; false while it is not known. */
export function useCan(): (permission: Permission) => boolean {
  const me = useMe();
  const onlyReads = useContext(OnlyReads);
  return (permission) => (me?.permissions.includes(permission) ?? false) && (!onlyReads || READING.has(permission));
}

export async function signOut(): Promise<void> {
  await takeLastChances();
  const provider = queryClient.getQueryData(meQuery.queryKey)?.provider ?? null;
  await call('logout').catch(() => undefined);
  sessionEnded();
  forgetKeptEdits();
  // Whoever sits down next must not come in by a session that is still open there.
  if (provider !== null) window.location.assign(`/api/auth/oidc/${encodeURIComponent(provider)}/sign-out`);
}

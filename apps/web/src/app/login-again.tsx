import { useRouter, useSearch } from '@tanstack/react-router';
import { meQuery } from '../api/me.ts';
import { queryClient } from '../api/query-client.ts';
import { forgetHovered } from '../entities/study/prefetch.ts';
import { LoginPage } from '../features/auth/login-page.tsx';
import { isOhif, safeNext } from '../routing/nav.ts';

/** Signing in where the application is here already: after signing out, or when a session has ended. */
export function LoginAgain() {
  const { next } = useSearch({ from: '/login' });
  const router = useRouter();
  const done = async (): Promise<void> => {
    queryClient.clear();
    // A session that ended by itself has left what its person was shown ahead of time.
    await forgetHovered();
    await queryClient.fetchQuery(meQuery);
    const address = safeNext(next);
    if (isOhif(address)) window.location.assign(address);
    else router.history.push(address);
  };
  return <LoginPage onDone={done} />;
}

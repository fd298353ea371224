import { Link, useRouter, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { meQuery } from '../../api/me.ts';
import { queryClient } from '../../api/query-client.ts';
import { useText } from '../../i18n/index.ts';
import { isOhif, safeNext } from '../../routing/nav.ts';
import { Mark } from '../../ui/logo.tsx';
import { LoginForm } from './login-form.tsx';

export function LoginPage() {
  const t = useText('auth');
  const { next } = useSearch({ from: '/login' });
  const router = useRouter();
  useEffect(() => {
    document.title = `${t('signInTitle')} · Negatoscope`;
  }, [t]);
  const done = async (): Promise<void> => {
    queryClient.clear();
    await queryClient.fetchQuery(meQuery);
    const address = safeNext(next);
    if (isOhif(address)) window.location.assign(address);
    else router.history.push(address);
  };
  return (
    <div className="flex h-full flex-col items-center justify-center overflow-auto p-4">
      <main className="ng-enter w-full max-w-sm">
        <Link to="/" className="mx-auto mb-7 flex w-fit items-center gap-3 rounded text-lg font-semibold">
          <Mark size={34} /> Negatoscope
        </Link>
        <div className="ng-card p-6">
          <h1 className="mb-5 text-lg font-semibold">{t('signInTitle')}</h1>
          <LoginForm onDone={done} />
        </div>
        <p className="mt-5 text-center text-[13px] text-dim">{t('forgotten')}</p>
      </main>
    </div>
  );
}

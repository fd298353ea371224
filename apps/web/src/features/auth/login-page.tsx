import { useEffect } from 'react';
import { useText } from '../../i18n/index.ts';
import { Mark } from '../../ui/logo.tsx';
import { LoginForm } from './login-form.tsx';

/** The form with what stands around it; knows no router, since it is a page of its own for who comes for the first time. */
export function LoginPage({ onDone }: { onDone: () => Promise<void> }) {
  const t = useText('auth');
  useEffect(() => {
    document.title = `${t('signInTitle')} · Negatoscope`;
  }, [t]);
  return (
    <div className="flex h-full flex-col items-center justify-center overflow-auto p-4">
      <main className="ng-enter w-full max-w-sm">
        <a href="/" className="mx-auto mb-7 flex w-fit items-center gap-3 rounded text-lg font-semibold">
          <Mark size={34} /> Negatoscope
        </a>
        <div className="ng-card p-6">
          <h1 className="mb-5 text-lg font-semibold">{t('signInTitle')}</h1>
          <LoginForm onDone={onDone} />
        </div>
        <p className="mt-5 text-center text-[13px] text-dim">{t('forgotten')}</p>
      </main>
    </div>
  );
}

import { useEffect, useState } from 'react';
import { useText } from '../../i18n/index.ts';
import { Mark } from '../../ui/logo.tsx';
import { LinkForm, RefusedCard, SignInCard } from './ways-in.tsx';

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
          <Card onDone={onDone} />
        </div>
      </main>
    </div>
  );
}

/** What the address says of a way back from an identity provider; signing in otherwise. */
function Card({ onDone }: { onDone: () => Promise<void> }) {
  const [query] = useState(() => new URLSearchParams(window.location.search));
  const [refused, link] = [query.get('refused'), query.get('link')];
  if (refused !== null) return <RefusedCard code={refused} />;
  return link === null ? <SignInCard next={query.get('next')} onDone={onDone} /> : <LinkForm provider={link} onDone={onDone} />;
}

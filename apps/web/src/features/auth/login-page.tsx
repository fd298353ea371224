import { useEffect, useState } from 'react';
import { useText } from '../../i18n/index.ts';
import { Mark } from '../../ui/logo.tsx';
import { OtherLanguage } from '../../ui/other-language.tsx';
import { SetPassword } from './set-password.tsx';
import { LinkForm, RefusedCard, SignInCard } from './ways-in.tsx';

/** The form with what stands around it; knows no router, since it is a page of its own for who comes for the first time. */
export function LoginPage({ onDone }: { onDone: () => Promise<void> }) {
  const t = useText('auth');
  useEffect(() => {
    document.title = `${t('signInTitle')} · Negatoscope`;
  }, [t]);
  return (
    <div className="ng-roomy flex h-full flex-col items-center justify-center overflow-auto p-4">
      <main className="ng-enter w-full max-w-sm">
        <a href="/" className="mx-auto mb-7 flex w-fit items-center gap-3 rounded text-lg font-semibold">
          <Mark size={34} /> Negatoscope
        </a>
        <div className="ng-card p-6">
          <Card onDone={onDone} />
        </div>
        <div className="mt-4 flex justify-center text-sm">
          <OtherLanguage />
        </div>
      </main>
    </div>
  );
}

/** A link for a password; it stands in the fragment, which is sent to nobody. */
const linkIn = (hash: string): string | undefined => /^#password=([\w-]{1,100})$/.exec(hash)?.[1];

function useAccountLink() {
  const [token, setToken] = useState(() => linkIn(window.location.hash));
  useEffect(() => {
    // It is for this page now: neither history nor a shared screen keeps it.
    const take = (): void => {
      const found = linkIn(window.location.hash);
      if (found === undefined) return;
      setToken(found);
      window.history.replaceState(window.history.state, '', window.location.pathname);
    };
    take();
    window.addEventListener('hashchange', take);
    return () => window.removeEventListener('hashchange', take);
  }, []);
  return { token, drop: () => setToken(undefined) };
}

/** What the address says of a way back from an identity provider, or of a link for a password; signing in otherwise. */
function Card({ onDone }: { onDone: () => Promise<void> }) {
  const [query] = useState(() => new URLSearchParams(window.location.search));
  const { token, drop } = useAccountLink();
  const [setFor, rememberSet] = useState<string>();
  const [refused, link] = [query.get('refused'), query.get('link')];
  const back = (email?: string): void => {
    rememberSet(email);
    drop();
  };
  if (token !== undefined) return <SetPassword key={token} token={token} onDone={back} onBack={() => back()} />;
  if (refused !== null) return <RefusedCard code={refused} />;
  if (link !== null) return <LinkForm provider={link} onDone={onDone} />;
  return <SignInCard next={query.get('next')} setFor={setFor} onDone={onDone} />;
}

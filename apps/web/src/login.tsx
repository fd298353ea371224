import './ui/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { call } from './api/client.ts';
import { csrfHeader } from './api/csrf.ts';
import { startTheme } from './app/theme.ts';
import { LoginPage } from './features/auth/login-page.tsx';
import { auth as authEn } from './i18n/en/auth.ts';
import { common as commonEn } from './i18n/en/common.ts';
import { auth } from './i18n/fr/auth.ts';
import { common } from './i18n/fr/common.ts';
import { startI18n } from './i18n/index.ts';
import { fetchAhead } from './kept/ahead.ts';
import { safeNext } from './routing/nav.ts';

// The sign-in form of who comes for the first time: it stands before the application is fetched, whose code is a third of a megabyte.

/** Both languages, since a file of few words costs less than asking for it. */
const TEXTS = {
  fr: async () => ({ strings: { auth, common } }),
  en: async () => ({ strings: { auth: authEn, common: commonEn } }),
};
const wanted = (): string => safeNext(new URLSearchParams(window.location.search).get('next') ?? undefined);

/** The session outlives the access token, and OHIF's address comes here when that one has ended: the server is asked before the person. */
async function isSignedIn(): Promise<boolean> {
  if (Object.keys(csrfHeader()).length === 0) return false;
  return call('me').then(
    () => true,
    () => false,
  );
}

async function enter(): Promise<void> {
  // A browser that keeps no cookies is told here, rather than sent round in a circle.
  await call('me');
  window.location.assign(wanted());
}

startTheme(window.location.pathname);
const [isKnown] = await Promise.all([isSignedIn(), startI18n(TEXTS)]);
const root = document.getElementById('root');
// A link for a password is followed whoever is signed in here.
if (isKnown && !window.location.hash.startsWith('#password=')) window.location.replace(wanted());
else if (root !== null) {
  // What follows is fetched while the person types, not before the form can be used.
  root.addEventListener('input', () => void fetchAhead('/index.html'), { once: true });
  createRoot(root).render(
    <StrictMode>
      <LoginPage onDone={enter} />
    </StrictMode>,
  );
}

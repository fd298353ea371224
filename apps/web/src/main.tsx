import './ui/base.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { MotionGlobalConfig } from 'motion/react';
import { StrictMode } from 'react';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import { createRoot } from 'react-dom/client';
import { queryClient } from './api/query-client.ts';
import { router } from './app/router.tsx';
import { startTheme } from './app/theme.ts';
import { startI18n, useLocale } from './i18n/index.ts';
import { keepFiles } from './kept/register.ts';

const KEEP_AFTER_MS = 5_000;

function Application() {
  const locale = useLocale();
  return (
    <I18nProvider locale={locale === 'fr' ? 'fr-FR' : 'en-GB'}>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </I18nProvider>
  );
}

MotionGlobalConfig.skipAnimations = matchMedia('(prefers-reduced-motion: reduce)').matches;
startTheme(window.location.pathname);
// The session is asked for and the page's code fetched while the texts come.
void router.load();
await startI18n();
const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <Application />
    </StrictMode>,
  );
}
// Once the page stands: nothing that one waits for shares the line with it.
if (import.meta.env.PROD) setTimeout(() => void keepFiles(), KEEP_AFTER_MS);

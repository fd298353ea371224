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
import { openAtAddress } from './entities/study/prefetch.ts';
import { startI18n, useLocale } from './i18n/index.ts';
import { keepFilesLater } from './kept/register.ts';

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

/** The code comes beside the page, and may be here before its end. */
const untilParsed = (): Promise<unknown> =>
  document.readyState === 'loading'
    ? new Promise((resolve) => document.addEventListener('DOMContentLoaded', resolve, { once: true }))
    : Promise.resolve();

MotionGlobalConfig.skipAnimations = matchMedia('(prefers-reduced-motion: reduce)').matches;
if (openAtAddress(window.location)) {
  // Fails again, and is told, where the router asks for it.
  const page = import('./features/worklist/study-page.tsx').then(({ loadViewer }) => loadViewer());
  const parts = [import('./app/shell.tsx'), page, import('./viewer/index.ts')];
  for (const part of parts) part.catch(() => undefined);
}
startTheme(window.location.pathname);
// The session is asked for and the page's code fetched while the texts come.
void router.load();
await Promise.all([startI18n(), untilParsed()]);
const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <Application />
    </StrictMode>,
  );
}
keepFilesLater();

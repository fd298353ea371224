import { Outlet, useNavigate, useRouter, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useMe } from '../api/me.ts';
import { onProofNeeded } from '../api/proof.ts';
import { queryClient } from '../api/query-client.ts';
import { watchRestored } from '../api/restored-page.ts';
import { onSession, sessionState } from '../api/session.ts';
import { fetchViewerAhead, forgetHovered, untilImagesAreHere } from '../entities/study/prefetch.ts';
import { EmergencyBanner } from '../features/emergency/banner.tsx';
import { setLocale, useLocale, useText } from '../i18n/index.ts';
import { takeChoice } from '../i18n/locale.ts';
import { pageOf, pagesFor } from '../routing/nav.ts';
import { cx } from '../ui/cx.ts';
import { globalAction, isCovered, isTyping } from '../ui/keys.ts';
import { Forbidden, PagePending } from './fallbacks.tsx';
import { chooseLocale, Header } from './header.tsx';
import { BottomBar, Sidebar } from './sidebar.tsx';

const loadPalette = () => import('./palette.tsx').then((module) => ({ default: module.Palette }));
const Palette = lazy(loadPalette);
const KeysHelp = lazy(() => import('./keys-help.tsx').then((module) => ({ default: module.KeysHelp })));
const ProofDialog = lazy(() => import('./proof-dialog.tsx').then((module) => ({ default: module.ProofDialog })));
const SessionOverlay = lazy(() => import('./session-overlay.tsx').then((module) => ({ default: module.SessionOverlay })));

type Overlay = 'none' | 'palette' | 'help';

/** `/` goes to the page's own search field where there is one, else to the palette. */
function focusPageSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>('[data-page-search]');
  field?.focus();
  field?.select();
  return field !== null;
}

function useShellKeys(open: (overlay: Overlay) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const action = globalAction(event, isTyping(event.target));
      if (action === undefined || event.defaultPrevented) return;
      if (action !== 'palette' && isCovered()) return;
      event.preventDefault();
      if (action === 'search' && focusPageSearch()) return;
      open(action === 'help' ? 'help' : 'palette');
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [open]);
}

/** After each change of page the focus goes to its content and the title says where one is. */
function usePageFocus(path: string) {
  const main = useRef<HTMLElement>(null);
  const previous = useRef(path);
  const t = useText('shell');
  const page = pageOf(path);
  useEffect(() => {
    document.title = page === undefined ? 'Negatoscope' : `${t(page.id)} · Negatoscope`;
  }, [page, t]);
  useEffect(() => {
    if (previous.current === path) return;
    previous.current = path;
    main.current?.focus({ preventScroll: true });
  }, [path]);
  return main;
}

/** The language kept in the profile wins at sign-in, but over one that was just chosen by hand: this one is kept in the profile. */
function useProfileLocale(): void {
  const wanted = useMe()?.user.locale;
  const locale = useLocale();
  const applied = useRef<string>(undefined);
  useEffect(() => {
    if (wanted === undefined || applied.current === wanted) return;
    applied.current = wanted;
    const chosen = takeChoice();
    if (chosen !== undefined && chosen !== wanted) void chooseLocale(chosen);
    else if (wanted !== locale) void setLocale(wanted);
  }, [wanted, locale]);
}

/** Safari has no such moments. */
const whenIdle = (work: () => void): void => {
  if ('requestIdleCallback' in window) requestIdleCallback(work, { timeout: 2000 });
  else work();
};

function usePrefetch(): void {
  const router = useRouter();
  // Fetched once the page stands, so that what is typed after Ctrl K never falls beside it.
  useEffect(() => {
    const timer = setTimeout(() => void loadPalette().catch(() => undefined), 800);
    // Then the viewer, while the list is read, and the other pages, so that a server that goes away does not take them along; not beside images on a slow line.
    const loadPages = (): void => {
      for (const route of Object.values(router.routesById)) void router.loadRouteChunk(route)?.catch(() => undefined);
    };
    const later = setTimeout(
      () => whenIdle(() => void fetchViewerAhead().then(untilImagesAreHere).then(loadPages, loadPages)),
      2000,
    );
    return () => {
      clearTimeout(timer);
      clearTimeout(later);
    };
  }, [router]);
}

/** What this person drew before a line was cut, and a page before this one could not send, is sent once they are here again. */
function useKeptEdits(userId: string | undefined): void {
  useEffect(() => {
    if (userId === undefined) return;
    const timer = setTimeout(() => {
      void import('../viewer/resume-edits.ts').then((door) => door.resumeEdits(userId)).catch(() => undefined);
    }, 2000);
    return () => clearTimeout(timer);
  }, [userId]);
}

/** Nothing of a person stays on a page from which they have signed out. */
function useSignedOut(session: ReturnType<typeof sessionState>): void {
  const navigate = useNavigate();
  useEffect(() => {
    if (session !== 'signed-out') return;
    void forgetHovered();
    queryClient.clear();
    void navigate({ to: '/login' });
  }, [session, navigate]);
}

/** What is asked of somebody who begins something grave; undefined while nothing is. */
function useProof(): ((given: boolean) => void) | undefined {
  const [end, setEnd] = useState<(given: boolean) => void>();
  useEffect(
    () =>
      onProofNeeded(
        () =>
          new Promise((resolve) => {
            setEnd(() => (given: boolean) => {
              setEnd(undefined);
              resolve(given);
            });
          }),
      ),
    [],
  );
  return end;
}

export function Shell() {
  const me = useMe();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const session = useSyncExternalStore(onSession, sessionState);
  const [overlay, setOverlay] = useState<Overlay>('none');
  const main = usePageFocus(path);
  useEffect(() => watchRestored(), []);
  useProfileLocale();
  useShellKeys(setOverlay);
  usePrefetch();
  useSignedOut(session);
  useKeptEdits(me?.user.id);
  const [isViewer, page] = [path.startsWith('/app/studies/'), pageOf(path)];
  const permissions = me?.permissions ?? [];
  const isAllowed = page?.permission === undefined || permissions.includes(page.permission);
  const pages = pagesFor(permissions);
  return (
    <div className={cx('flex h-full flex-col', !isViewer && 'ng-roomy')}>
      <SkipLink onPress={() => main.current?.focus()} />
      <div className="flex min-h-0 flex-1">
        {!isViewer && <Sidebar pages={pages} path={path} />}
        <div className="flex min-w-0 flex-1 flex-col">
          {!isViewer && <Header onSearch={() => setOverlay('palette')} onHelp={() => setOverlay('help')} />}
          <div data-above-images className="shrink-0">
            <EmergencyBanner />
          </div>
          <main ref={main} id="content" tabIndex={-1} className="flex min-h-0 flex-1 flex-col">
            <Suspense fallback={<PagePending />}>{isAllowed ? <Outlet /> : <Forbidden />}</Suspense>
          </main>
        </div>
      </div>
      {!isViewer && <BottomBar pages={pages} path={path} />}
      <Overlays {...{ overlay, pages, session }} onOverlay={setOverlay} />
    </div>
  );
}

interface OverlaysProps {
  readonly overlay: Overlay;
  readonly pages: ReturnType<typeof pagesFor>;
  readonly session: ReturnType<typeof sessionState>;
  readonly onOverlay: (overlay: Overlay) => void;
}
/** What opens over a page: what somebody asked for, and what is asked of them. */
function Overlays({ overlay, pages, session, onOverlay }: OverlaysProps) {
  const router = useRouter();
  const endProof = useProof();
  const close = (): void => onOverlay('none');
  return (
    <Suspense fallback={null}>
      {overlay === 'palette' && <Palette onClose={close} onHelp={() => onOverlay('help')} pages={pages} />}
      {overlay === 'help' && <KeysHelp onClose={close} />}
      {endProof !== undefined && <ProofDialog onEnd={endProof} />}
      {session === 'expired' && <SessionOverlay onOther={() => router.history.push('/login')} />}
    </Suspense>
  );
}

/** The first stop of the keyboard: past the navigation, to the content. */
function SkipLink({ onPress }: { onPress: () => void }) {
  const t = useText('shell');
  return (
    <button
      type="button"
      onClick={onPress}
      className="absolute top-2 left-2 z-[70] -translate-y-20 rounded-lg bg-accent px-4 py-2 font-semibold text-on-accent focus:translate-y-0"
    >
      {t('skip')}
    </button>
  );
}

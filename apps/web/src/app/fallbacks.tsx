import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { useLayoutEffect } from 'react';
import { ApiError, errorText } from '../api/error.ts';
import { leavePlain } from '../api/plain-picture.ts';
import { useLocale, useText } from '../i18n/index.ts';
import { Empty } from '../ui/bits.tsx';
import { Button, Spinner } from '../ui/button.tsx';
import { NotFound } from '../ui/not-found.tsx';

export function PagePending() {
  const t = useText('common');
  return (
    <div className="flex h-full items-center justify-center text-dim" role="status" aria-label={t('loading')}>
      <Spinner size={22} />
    </div>
  );
}
export function Forbidden() {
  const t = useText('common');
  return <Empty title={t('forbiddenTitle')}>{t('forbiddenText')}</Empty>;
}
/** Fetches again what could not be fetched, and shows the page where it stopped. */
async function again(router: ReturnType<typeof useRouter>, reset: () => void): Promise<void> {
  for (const { routeId } of router.state.matches) {
    const component = router.routesById[routeId]?.options.component;
    if (component !== undefined && 'preload' in component) await component.preload?.();
  }
  reset();
  await router.invalidate();
}

export function RouteError({ error, reset }: ErrorComponentProps) {
  const t = useText('common');
  const locale = useLocale();
  const router = useRouter();
  useLayoutEffect(leavePlain, []);
  if (error instanceof ApiError && error.status === 404) return <NotFound />;
  // Nothing is broken here, and reloading would lose what is on screen.
  const isAway = error instanceof ApiError && error.status === 0;
  return (
    <Empty
      title={isAway ? t('awayTitle') : t('brokenTitle')}
      action={
        <Button kind="primary" onPress={() => (isAway ? void again(router, reset) : window.location.reload())}>
          {isAway ? t('retry') : t('reload')}
        </Button>
      }
    >
      {error instanceof ApiError ? errorText(error, locale) : t('brokenText')}
    </Empty>
  );
}

import { type ErrorComponentProps, Link } from '@tanstack/react-router';
import { ApiError, errorText } from '../api/error.ts';
import { useLocale, useText } from '../i18n/index.ts';
import { Empty } from '../ui/bits.tsx';
import { Button, buttonClass, Spinner } from '../ui/button.tsx';

export function PagePending() {
  const t = useText('common');
  return (
    <div className="flex h-full items-center justify-center text-dim" role="status" aria-label={t('loading')}>
      <Spinner size={22} />
    </div>
  );
}
export function NotFound() {
  const t = useText('common');
  return (
    <Empty
      title={t('notFoundTitle')}
      action={
        <Link to="/app" className={buttonClass()}>
          {t('toDashboard')}
        </Link>
      }
    >
      {t('notFoundText')}
    </Empty>
  );
}
export function Forbidden() {
  const t = useText('common');
  return <Empty title={t('forbiddenTitle')}>{t('forbiddenText')}</Empty>;
}
export function RouteError({ error }: ErrorComponentProps) {
  const t = useText('common');
  const locale = useLocale();
  if (error instanceof ApiError && error.status === 404) return <NotFound />;
  return (
    <Empty
      title={t('brokenTitle')}
      action={
        <Button kind="primary" onPress={() => window.location.reload()}>
          {t('reload')}
        </Button>
      }
    >
      {error instanceof ApiError ? errorText(error, locale) : t('brokenText')}
    </Empty>
  );
}

import { Link } from '@tanstack/react-router';
import { useText } from '../i18n/index.ts';
import { Empty } from './bits.tsx';
import { buttonClass } from './button.tsx';

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

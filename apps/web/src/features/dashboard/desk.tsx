import { Link } from '@tanstack/react-router';
import { ClipboardPlus, Disc3, FolderInput, UserRoundPlus } from 'lucide-react';
import { useCan } from '../../api/me.ts';
import { useText } from '../../i18n/index.ts';

const ACTION =
  'ng-card flex min-h-16 items-center gap-3 p-4 font-medium transition-colors hover:border-line-strong [&>svg]:shrink-0 [&>svg]:text-accent';

/** What the desk does all day, one press away. */
export function Desk() {
  const t = useText('dashboard');
  const can = useCan();
  return (
    <section aria-label={t('desk')} className="mb-3 grid grid-cols-1 gap-3 sm:grid-cols-2 lg:grid-cols-4">
      {can('consultations.register') && (
        <Link to="/app/consultations" search={{}} className={ACTION}>
          <ClipboardPlus size={20} aria-hidden="true" />
          {t('deskRegister')}
        </Link>
      )}
      {can('imports.create') && (
        <Link to="/app/import" search={{}} className={ACTION}>
          <FolderInput size={20} aria-hidden="true" />
          {t('deskImport')}
        </Link>
      )}
      {can('exports.hand-over') && (
        <Link to="/app/patients" search={{ sort: '-lastStudyAt' }} className={ACTION}>
          <Disc3 size={20} aria-hidden="true" />
          {t('deskHandOver')}
        </Link>
      )}
      {can('patients.write') && (
        <Link to="/app/patients" search={{ create: true }} className={ACTION}>
          <UserRoundPlus size={20} aria-hidden="true" />
          {t('deskNew')}
        </Link>
      )}
    </section>
  );
}

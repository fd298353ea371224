import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { errorText } from '../../api/error.ts';
import { OnlyReads } from '../../api/me.ts';
import { patientQuery } from '../../entities/patient/queries.ts';
import { formatName } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { LoadError, Skeleton } from '../../ui/bits.tsx';
import { buttonClass } from '../../ui/button.tsx';
import { PatientFacts } from './patient-identity.tsx';
import { PatientStudies } from './patient-studies.tsx';

/** The record beside the list. */
export function PatientPreview({ id }: { id: string }) {
  const t = useText('patients');
  const common = useText('common');
  const locale = useLocale();
  const { data: patient, error, refetch } = useQuery(patientQuery(id));
  if (patient === undefined) {
    if (error !== null) return <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />;
    return (
      <div className="flex flex-col gap-4 p-5">
        <Skeleton width="70%" height={20} />
        <Skeleton width="100%" height={150} />
      </div>
    );
  }
  return (
    <OnlyReads value={patient.onlyReads === true}>
      <div className="flex flex-col gap-4 p-5">
        <div className="flex items-start justify-between gap-3">
          <h2 className="min-w-0 text-base font-semibold break-words">{formatName(patient) || common('noName')}</h2>
          <Link to="/app/patients/$id" params={{ id }} className={buttonClass('plain', 'small')}>
            {t('openPatient')}
          </Link>
        </div>
        <PatientFacts patient={patient} brief />
        <PatientStudies patient={patient} compact />
      </div>
    </OnlyReads>
  );
}

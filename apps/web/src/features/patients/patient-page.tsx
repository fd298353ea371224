import type { Patient } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { useParams, useRouter } from '@tanstack/react-router';
import { ArrowLeft, Pencil } from 'lucide-react';
import { useEffect, useState } from 'react';
import { ApiError, errorText } from '../../api/error.ts';
import { OnlyReads, useCan } from '../../api/me.ts';
import { PatientCourse } from '../../entities/consultation/timeline.tsx';
import { patientQuery } from '../../entities/patient/queries.ts';
import { formatName } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { LoadError, Skeleton } from '../../ui/bits.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { isCovered, isTyping } from '../../ui/keys.ts';
import { NotFound } from '../../ui/not-found.tsx';
import { Scroll } from '../../ui/page.tsx';
import { EditPatient } from './edit-patient.tsx';
import { MergedRecords } from './merged-records.tsx';
import { PatientActions } from './patient-actions.tsx';
import { PatientFacts } from './patient-identity.tsx';
import { PatientStudies } from './patient-studies.tsx';
import { PatientHolds } from './rights/holds.tsx';
import { PatientRights } from './rights/patient-rights.tsx';

function useEscape(action: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.defaultPrevented && !isTyping(event.target) && !isCovered()) action();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [action]);
}

function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Negatoscope`;
  }, [title]);
}

export function PatientPage() {
  const { id } = useParams({ from: '/app/patients/$id' });
  const locale = useLocale();
  const { data: patient, error, refetch } = useQuery(patientQuery(id));
  if (error instanceof ApiError && error.status === 404) return <NotFound />;
  if (patient === undefined && error !== null)
    return <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />;
  if (patient === undefined) return <Loading />;
  return (
    <OnlyReads value={patient.onlyReads === true}>
      <Loaded patient={patient} />
    </OnlyReads>
  );
}

function Loading() {
  return (
    <Scroll>
      <div className="flex flex-col gap-6 pt-6">
        <Skeleton width={320} height={26} />
        <div className="grid gap-6 lg:grid-cols-[340px_1fr]">
          <Skeleton width="100%" height={330} />
          <Skeleton width="100%" height={200} />
        </div>
      </div>
    </Scroll>
  );
}

/** To where the reader came from, or else to the list. */
function useWayBack(): () => void {
  const router = useRouter();
  return () => {
    if (router.history.canGoBack()) router.history.back();
    else void router.navigate({ to: '/app/patients', search: {} });
  };
}

function Head({ patient, onBack }: { patient: Patient; onBack: () => void }) {
  const common = useText('common');
  return (
    <div className="flex flex-wrap items-center gap-2 py-4">
      <div className="flex max-w-full min-w-0 flex-auto items-center gap-2">
        <IconButton label={common('back')} onPress={onBack}>
          <ArrowLeft size={18} />
        </IconButton>
        <h1 className="min-w-0 flex-1 text-lg font-semibold break-words sm:text-xl">{formatName(patient) || common('noName')}</h1>
      </div>
      <PatientActions patient={patient} />
    </div>
  );
}

function Loaded({ patient }: { patient: Patient }) {
  const t = useText('patients');
  const [isEditing, setEditing] = useState(false);
  const back = useWayBack();
  useEscape(back);
  useTitle(patient.recordNumber);
  return (
    <Scroll>
      <Head patient={patient} onBack={back} />
      <div
        className={cx(
          'grid grid-cols-1 items-start gap-5',
          isEditing ? 'lg:grid-cols-[minmax(0,1.3fr)_minmax(0,1fr)]' : 'lg:grid-cols-[350px_minmax(0,1fr)]',
        )}
      >
        <div className="flex flex-col gap-5">
          <Identity patient={patient} isEditing={isEditing} onEditing={setEditing} />
          <PatientHolds patientId={patient.id} />
          <MergedRecords patient={patient} />
          <PatientRights patient={patient} />
        </div>
        <div className="flex min-w-0 flex-col gap-5">
          <section className="ng-card p-5">
            <h2 className="mb-3 font-semibold">{t('studies')}</h2>
            <PatientStudies patient={patient} />
          </section>
          <PatientCourse patient={patient} />
        </div>
      </div>
    </Scroll>
  );
}

interface IdentityProps {
  readonly patient: Patient;
  readonly isEditing: boolean;
  readonly onEditing: (isEditing: boolean) => void;
}
/** Who the patient is, to read or to change. */
function Identity({ patient, isEditing, onEditing }: IdentityProps) {
  const t = useText('patients');
  const common = useText('common');
  const can = useCan();
  return (
    <section className="ng-card p-5" aria-label={t('identity')}>
      <div className="mb-2 flex items-center justify-between">
        <h2 className="font-semibold">{t('identity')}</h2>
        {can('patients.write') && !isEditing && (
          <Button size="small" kind="quiet" icon={<Pencil size={14} />} onPress={() => onEditing(true)}>
            {common('edit')}
          </Button>
        )}
      </div>
      {isEditing ? (
        <EditPatient patient={patient} onClose={() => onEditing(false)} />
      ) : (
        <PatientFacts patient={patient} onEdit={() => onEditing(true)} />
      )}
    </section>
  );
}

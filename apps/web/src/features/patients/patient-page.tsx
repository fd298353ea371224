import type { Patient } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useRouter } from '@tanstack/react-router';
import { Archive, ArchiveRestore, ArrowLeft, Download, FolderInput, Pencil, Trash2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { call } from '../../api/client.ts';
import { ApiError, errorText } from '../../api/error.ts';
import { useCan } from '../../api/me.ts';
import { queryClient } from '../../api/query-client.ts';
import { addressOf } from '../../api/routes.ts';
import { patientChanged, patientQuery, restoreFromTrash } from '../../entities/patient/queries.ts';
import { formatName } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { LoadError, Skeleton } from '../../ui/bits.tsx';
import { Button, buttonClass, IconButton } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { Confirm } from '../../ui/dialog.tsx';
import { isCovered, isTyping } from '../../ui/keys.ts';
import { NotFound } from '../../ui/not-found.tsx';
import { Scroll } from '../../ui/page.tsx';
import { showToast } from '../../ui/toast.tsx';
import { EditPatient } from './edit-patient.tsx';
import { HandOver } from './hand-over.tsx';
import { PatientFacts } from './patient-identity.tsx';
import { PatientStudies } from './patient-studies.tsx';

function useEscape(action: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.defaultPrevented && !isTyping(event.target) && !isCovered()) action();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [action]);
}

export function PatientPage() {
  const { id } = useParams({ from: '/app/patients/$id' });
  const locale = useLocale();
  const { data: patient, error, refetch } = useQuery(patientQuery(id));
  if (error instanceof ApiError && error.status === 404) return <NotFound />;
  if (patient === undefined && error !== null)
    return <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />;
  return patient === undefined ? <Loading /> : <Loaded patient={patient} />;
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

function Loaded({ patient }: { patient: Patient }) {
  const t = useText('patients');
  const common = useText('common');
  const can = useCan();
  const router = useRouter();
  const [isEditing, setEditing] = useState(false);
  const back = (): void => {
    if (router.history.canGoBack()) router.history.back();
    else void router.navigate({ to: '/app/patients', search: {} });
  };
  useEscape(back);
  const name = formatName(patient) || common('noName');
  useEffect(() => {
    document.title = `${patient.recordNumber} · Negatoscope`;
  }, [patient.recordNumber]);
  return (
    <Scroll>
      <div className="flex flex-wrap items-center gap-2 py-4">
        <IconButton label={common('back')} onPress={back}>
          <ArrowLeft size={18} />
        </IconButton>
        <h1 className="min-w-72 flex-1 text-xl font-semibold break-words max-sm:min-w-[80%]">{name}</h1>
        <PatientActions patient={patient} />
      </div>
      <div
        className={cx(
          'grid grid-cols-1 items-start gap-5',
          isEditing ? 'lg:grid-cols-[minmax(0,1.3fr)_minmax(0,1fr)]' : 'lg:grid-cols-[350px_minmax(0,1fr)]',
        )}
      >
        <section className="ng-card p-5" aria-label={t('identity')}>
          <div className="mb-2 flex items-center justify-between">
            <h2 className="font-semibold">{t('identity')}</h2>
            {can('patients.write') && !isEditing && (
              <Button size="small" kind="quiet" icon={<Pencil size={14} />} onPress={() => setEditing(true)}>
                {common('edit')}
              </Button>
            )}
          </div>
          {isEditing ? (
            <EditPatient patient={patient} onClose={() => setEditing(false)} />
          ) : (
            <PatientFacts patient={patient} onEdit={() => setEditing(true)} />
          )}
        </section>
        <section className="ng-card p-5">
          <h2 className="mb-3 font-semibold">{t('studies')}</h2>
          <PatientStudies patient={patient} />
        </section>
      </div>
    </Scroll>
  );
}

function PatientActions({ patient }: { patient: Patient }) {
  const t = useText('patients');
  const common = useText('common');
  const can = useCan();
  const locale = useLocale();
  const navigate = useNavigate();
  const [asks, setAsks] = useState(false);
  const [pending, setPending] = useState(false);
  const isArchived = patient.status === 'ARCHIVED';
  const archive = async (status: 'ARCHIVED' | 'TO_READ', updatedAt: string): Promise<void> => {
    try {
      const changed = await call('updatePatient', { params: { id: patient.id }, body: { updatedAt, status } });
      patientChanged(changed);
      const isNow = status === 'ARCHIVED';
      showToast(isNow ? t('archived') : t('unarchived'), {
        action: { label: common('undo'), run: () => void archive(isNow ? 'TO_READ' : 'ARCHIVED', changed.updatedAt) },
      });
    } catch (error) {
      showToast(errorText(error, locale), { tone: 'danger' });
    }
  };
  const undo = (): void => {
    restoreFromTrash('patient', patient.id, patient.recordNumber)
      .then(() => {
        patientChanged(patient);
        showToast(t('restored'));
      })
      .catch(() => showToast(t('restoreFailed'), { tone: 'danger' }));
  };
  const remove = async (): Promise<void> => {
    setPending(true);
    try {
      await call('deletePatient', { params: { id: patient.id }, query: { cascade: true } });
      queryClient.removeQueries({ queryKey: patientQuery(patient.id).queryKey });
      for (const key of ['patients', 'studies', 'overview']) void queryClient.invalidateQueries({ queryKey: [key] });
      showToast(t('trashed'), { action: { label: common('undo'), run: undo } });
      await navigate({ to: '/app/patients', search: {} });
    } catch (error) {
      showToast(errorText(error, locale), { tone: 'danger' });
      setAsks(false);
    } finally {
      setPending(false);
    }
  };
  return (
    <div className="flex flex-wrap items-center gap-2">
      {can('imports.create') && (
        <Link to="/app/import" search={{ patientId: patient.id }} className={buttonClass('quiet')} title={t('importFor')}>
          <FolderInput size={16} />
          <span className="hidden lg:inline">{t('importFor')}</span>
        </Link>
      )}
      {can('exports.create') && patient.studyCount > 0 && (
        <a
          href={addressOf('/api/patients/{id}/export', { id: patient.id })}
          download={`${patient.recordNumber}.zip`}
          className={buttonClass('plain')}
        >
          <Download size={16} /> {t('downloadZip')}
        </a>
      )}
      {can('exports.hand-over') && patient.studyCount > 0 && <HandOver patient={patient} />}
      {can('patients.write') && (
        <IconButton
          label={isArchived ? t('unarchive') : t('archive')}
          onPress={() => void archive(isArchived ? 'TO_READ' : 'ARCHIVED', patient.updatedAt)}
        >
          {isArchived ? <ArchiveRestore size={17} /> : <Archive size={17} />}
        </IconButton>
      )}
      {can('trash.move') && (
        <IconButton label={t('moveToTrash')} onPress={() => setAsks(true)}>
          <Trash2 size={17} />
        </IconButton>
      )}
      <Confirm
        title={t('trashTitle')}
        isOpen={asks}
        onClose={() => setAsks(false)}
        onConfirm={() => void remove()}
        confirm={t('moveToTrash')}
        pending={pending}
      >
        {t('trashText')}
      </Confirm>
    </div>
  );
}

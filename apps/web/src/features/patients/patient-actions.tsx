import type { Patient } from '@negatoscope/contract';
import { Link, useNavigate } from '@tanstack/react-router';
import { Archive, ArchiveRestore, Eye, FolderInput, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { useCan } from '../../api/me.ts';
import { queryClient } from '../../api/query-client.ts';
import { FhirDownload } from '../../entities/fhir-download.tsx';
import { patientChanged, patientQuery, restoreFromTrash } from '../../entities/patient/queries.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { buttonClass, IconButton } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { showToast } from '../../ui/toast.tsx';
import { DownloadAll } from './download-all.tsx';
import { HandOver } from './hand-over.tsx';
import { MoveToGroup } from './move-to-group.tsx';
import { WithoutIdentity } from './without-identity.tsx';

/** What may be done with a patient, by who may do it. */
export function PatientActions({ patient }: { patient: Patient }) {
  const can = useCan();
  const t = useText('patients');
  const hasStudies = patient.studyCount > 0;
  return (
    <div className="flex flex-wrap items-center gap-2">
      {can('imports.create') && <ImportFor patient={patient} />}
      {can('exports.create') && hasStudies && <DownloadAll patient={patient} />}
      {can('exports.hand-over') && hasStudies && <HandOver patient={patient} />}
      {can('exports.anonymised') && hasStudies && <WithoutIdentity patient={patient} />}
      <FhirDownload of="fhirPatientEverything" id={patient.id} recordNumber={patient.recordNumber} />
      {can('users.manage') && can('patients.write') && <MoveToGroup patient={patient} />}
      {can('patients.write') && <ArchiveButton patient={patient} />}
      {can('audit.read') && (
        <Link to="/app/admin/audit" search={{ patient: patient.id }} className={buttonClass('quiet')} title={t('whoSaw')}>
          <Eye size={16} />
          <span className="hidden lg:inline">{t('whoSaw')}</span>
        </Link>
      )}
      {can('trash.move') && <TrashButton patient={patient} />}
    </div>
  );
}

function ImportFor({ patient }: { patient: Patient }) {
  const t = useText('patients');
  return (
    <Link
      to="/app/import"
      search={{ patientId: patient.id }}
      className={`${buttonClass('quiet')} max-sm:order-1`}
      title={t('importFor')}
    >
      <FolderInput size={16} />
      <span className="hidden lg:inline">{t('importFor')}</span>
    </Link>
  );
}

function ArchiveButton({ patient }: { patient: Patient }) {
  const t = useText('patients');
  const common = useText('common');
  const locale = useLocale();
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
  return (
    <IconButton
      label={isArchived ? t('unarchive') : t('archive')}
      onPress={() => void archive(isArchived ? 'TO_READ' : 'ARCHIVED', patient.updatedAt)}
    >
      {isArchived ? <ArchiveRestore size={17} /> : <Archive size={17} />}
    </IconButton>
  );
}

/** Moves a patient to the trash, with the way back; `false` when it failed. */
function useTrash(patient: Patient): () => Promise<boolean> {
  const t = useText('patients');
  const common = useText('common');
  const locale = useLocale();
  const navigate = useNavigate();
  const undo = (): void => {
    restoreFromTrash('patient', patient.id, patient.recordNumber)
      .then(() => {
        patientChanged(patient);
        showToast(t('restored'));
      })
      .catch(() => showToast(t('restoreFailed'), { tone: 'danger' }));
  };
  return async () => {
    try {
      await call('deletePatient', { params: { id: patient.id }, query: { cascade: true } });
      queryClient.removeQueries({ queryKey: patientQuery(patient.id).queryKey });
      for (const key of ['patients', 'studies', 'overview']) void queryClient.invalidateQueries({ queryKey: [key] });
      showToast(t('trashed'), { action: { label: common('undo'), run: undo } });
      await navigate({ to: '/app/patients', search: {} });
      return true;
    } catch (error) {
      showToast(errorText(error, locale), { tone: 'danger' });
      return false;
    }
  };
}

function TrashButton({ patient }: { patient: Patient }) {
  const t = useText('patients');
  const [asks, setAsks] = useState(false);
  const [pending, setPending] = useState(false);
  const trash = useTrash(patient);
  const remove = async (): Promise<void> => {
    setPending(true);
    if (!(await trash())) setAsks(false);
    setPending(false);
  };
  return (
    <>
      <IconButton label={t('moveToTrash')} onPress={() => setAsks(true)}>
        <Trash2 size={17} />
      </IconButton>
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
    </>
  );
}

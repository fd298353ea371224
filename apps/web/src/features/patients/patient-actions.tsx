import type { Patient } from '@negatoscope/contract';
import { Link, useNavigate } from '@tanstack/react-router';
import { Archive, ArchiveRestore, ChevronDown, Eye, FolderInput, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { useCan } from '../../api/me.ts';
import { queryClient } from '../../api/query-client.ts';
import { FhirDownload } from '../../entities/fhir-download.tsx';
import { patientChanged, patientQuery, restoreFromTrash } from '../../entities/patient/queries.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Button, buttonClass, IconButton, InWords } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useMedia } from '../../ui/use-media.ts';
import { DownloadAll } from './download-all.tsx';
import { HandOver } from './hand-over.tsx';
import { MoveToGroup } from './move-to-group.tsx';
import { SharePatient } from './share-patient.tsx';
import { WithoutIdentity } from './without-identity.tsx';

interface ActionProps {
  readonly patient: Patient;
}

/** Where there is no room for all that is rare in one line: the page is a column of 1,024 pixels up to there. */
const NARROW = '(max-width: 2599px)';

/**
 * What may be done with a patient, by who may do it. What is rare says itself in words on a line of its own; where that line would be two, it stands
 * behind one button. It is the same tree in any width, so that what is open over the page stays when a tablet is turned.
 */
export function PatientActions({ patient }: ActionProps) {
  const t = useText('patients');
  const isNarrow = useMedia(NARROW);
  const isSmall = useMedia('(max-width: 1023px)');
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <div className="flex flex-wrap items-center gap-2 max-lg:w-full max-sm:*:grow max-sm:*:px-2.5">
        {!isSmall && <ImportFor patient={patient} />}
        <GivenAway patient={patient} />
        {isNarrow && (
          <Button
            aria-expanded={isOpen}
            icon={<ChevronDown size={16} className={isOpen ? 'rotate-180' : ''} />}
            onPress={() => setOpen(!isOpen)}
          >
            {t('moreActions')}
          </Button>
        )}
      </div>
      <InWords value>
        <div hidden={isNarrow && !isOpen} className={isNarrow ? BEHIND : '-mx-3.5 flex w-full flex-wrap'}>
          {isSmall && <ImportFor patient={patient} />}
          <Rare patient={patient} />
        </div>
      </InWords>
    </>
  );
}
const BEHIND = 'ng-card flex w-full flex-col items-stretch p-1.5 lg:flex-row lg:flex-wrap';

/** What leaves with the patient. */
function GivenAway({ patient }: ActionProps) {
  const can = useCan();
  if (patient.studyCount === 0) return null;
  return (
    <>
      {can('exports.create') && <DownloadAll patient={patient} />}
      {can('exports.hand-over') && <HandOver patient={patient} />}
      {can('studies.share') && <SharePatient patient={patient} />}
      {!can('exports.create') && can('exports.anonymised') && <WithoutIdentity patient={patient} />}
    </>
  );
}

function Rare({ patient }: ActionProps) {
  const can = useCan();
  return (
    <>
      {can('exports.create') && can('exports.anonymised') && patient.studyCount > 0 && <WithoutIdentity patient={patient} />}
      <FhirDownload of="fhirPatientEverything" id={patient.id} recordNumber={patient.recordNumber} />
      {can('users.manage') && can('patients.write') && <MoveToGroup patient={patient} />}
      {can('patients.write') && <ArchiveButton patient={patient} />}
      {can('audit.read') && <WhoSaw patient={patient} />}
      {can('trash.move') && <TrashButton patient={patient} />}
    </>
  );
}

/** Of the links among the actions: as the buttons beside them. */
const LINK = `${buttonClass('quiet')} justify-start! text-text`;

function WhoSaw({ patient }: ActionProps) {
  const t = useText('patients');
  return (
    <Link to="/app/admin/audit" search={{ patient: patient.id }} className={LINK}>
      <Eye size={16} />
      {t('whoSaw')}
    </Link>
  );
}

function ImportFor({ patient }: ActionProps) {
  const t = useText('patients');
  const can = useCan();
  if (!can('imports.create')) return null;
  return (
    <Link to="/app/import" search={{ patientId: patient.id }} className={LINK}>
      <FolderInput size={16} />
      {t('importFor')}
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

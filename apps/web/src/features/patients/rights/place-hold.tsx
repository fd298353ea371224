import type { Patient } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { Lock } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../../api/client.ts';
import { holdsChanged } from '../../../entities/hold/queries.ts';
import { patientStudiesQuery } from '../../../entities/patient/queries.ts';
import { formatDate } from '../../../i18n/format.ts';
import { useLocale, useText } from '../../../i18n/index.ts';
import { textOfFile } from '../../../i18n/text-of-file.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { SelectField } from '../../../ui/field.tsx';
import { showToast } from '../../../ui/toast.tsx';
import { ReasonForm } from './reason-form.tsx';

/** Holds all that a patient has, or one study. */
export function PlaceHold({ patient }: { patient: Patient }) {
  const t = useText('rights');
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button icon={<Lock size={16} />} onPress={() => setOpen(true)}>
        {t('hold')}
      </Button>
      <Dialog title={t('hold')} isOpen={isOpen} onClose={() => setOpen(false)}>
        <HoldForm patient={patient} onClose={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function HoldForm({ patient, onClose }: { patient: Patient; onClose: () => void }) {
  const t = useText('rights');
  const locale = useLocale();
  const [studyId, setStudyId] = useState('');
  const { data } = useQuery(patientStudiesQuery(patient.id));
  const choices = (data?.items ?? []).map((study) => ({
    value: study.id,
    label: [formatDate(study.studyDate, locale), textOfFile(study.modalities.join(' + ')), textOfFile(study.description)]
      .filter(Boolean)
      .join(' · '),
  }));
  const send = async (reason: string): Promise<void> => {
    await call('placeHold', { body: { patientId: patient.id, reason, ...(studyId === '' ? {} : { studyId }) } });
    holdsChanged();
    showToast(t('holdPlaced'));
  };
  return (
    <ReasonForm label={t('hold')} send={send} onClose={onClose}>
      <p className="text-dim">{t('holdText')}</p>
      <SelectField
        label={t('holdOf')}
        choices={[{ value: '', label: t('holdAll') }, ...choices]}
        value={studyId}
        onChange={(event) => setStudyId(event.target.value)}
      />
    </ReasonForm>
  );
}

import type { ErasureReason, Patient } from '@negatoscope/contract';
import { useNavigate } from '@tanstack/react-router';
import { Eraser } from 'lucide-react';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { call } from '../../../api/client.ts';
import { errorText } from '../../../api/error.ts';
import { queryClient } from '../../../api/query-client.ts';
import { patientQuery } from '../../../entities/patient/queries.ts';
import { useLocale, useText } from '../../../i18n/index.ts';
import { Notice } from '../../../ui/bits.tsx';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { SelectField, TextField } from '../../../ui/field.tsx';
import { showToast } from '../../../ui/toast.tsx';

const REASONS = ['PATIENT', 'CONSENT', 'UNLAWFUL', 'COURT', 'MISTAKE', 'OTHER'] as const satisfies readonly ErasureReason[];

/** Erases a patient for good, by who has just shown who they are and has typed the record number. */
export function ErasePatient({ patient }: { patient: Patient }) {
  const t = useText('rights');
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button kind="danger" icon={<Eraser size={16} />} onPress={() => setOpen(true)}>
        {t('erase')}
      </Button>
      <Dialog title={t('erase')} isOpen={isOpen} onClose={() => setOpen(false)}>
        <EraseForm patient={patient} onClose={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

interface Values {
  readonly reason: ErasureReason;
  readonly recordNumber: string;
}

/** What is sent, and where the page goes: there is no record any more. */
function useErase(patient: Patient): (values: Values) => Promise<void> {
  const t = useText('rights');
  const navigate = useNavigate();
  return async ({ reason, recordNumber }) => {
    await call('erasePatient', { params: { id: patient.id }, body: { reason, recordNumber: recordNumber.trim() } });
    queryClient.removeQueries({ queryKey: patientQuery(patient.id).queryKey });
    for (const key of ['patients', 'studies', 'overview', 'erasures']) void queryClient.invalidateQueries({ queryKey: [key] });
    showToast(t('eraseAsked'));
    await navigate({ to: '/app/patients', search: {} });
  };
}

function EraseForm({ patient, onClose }: { patient: Patient; onClose: () => void }) {
  const t = useText('rights');
  const common = useText('common');
  const locale = useLocale();
  const [failure, setFailure] = useState<unknown>();
  const erase = useErase(patient);
  const form = useForm<Values>({ defaultValues: { reason: 'PATIENT', recordNumber: '' } });
  const submit = form.handleSubmit((values) => erase(values).catch(setFailure));
  const { errors, isSubmitting } = form.formState;
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
      {failure !== undefined && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
      <p>{t('eraseText')}</p>
      <SelectField
        label={t('eraseReason')}
        choices={REASONS.map((value) => ({ value, label: t(`reason.${value}`) }))}
        {...form.register('reason')}
      />
      <TextField
        label={t('eraseConfirm', { number: patient.recordNumber })}
        error={errors.recordNumber?.message}
        autoComplete="off"
        maxLength={64}
        {...form.register('recordNumber', { validate: (text) => text.trim() === patient.recordNumber || t('eraseDiffers') })}
      />
      <div className="flex justify-end gap-2">
        <Button onPress={onClose}>{common('cancel')}</Button>
        <Button kind="danger" type="submit" isPending={isSubmitting}>
          {t('erase')}
        </Button>
      </div>
    </form>
  );
}

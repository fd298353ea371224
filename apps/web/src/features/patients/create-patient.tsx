import type { Patient } from '@negatoscope/contract';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { showToast } from '../../ui/toast.tsx';
import { bodyOf, EMPTY_PATIENT, type PatientFields } from './patient-fields.ts';
import { PatientFormFields } from './patient-form.tsx';
import { patientChanged } from './queries.ts';

interface CreateProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onCreated: (patient: Patient) => void;
}
export function CreatePatient({ isOpen, onClose, onCreated }: CreateProps) {
  const t = useText('patients');
  return (
    <Dialog title={t('newPatient')} isOpen={isOpen} onClose={onClose}>
      <CreateForm onClose={onClose} onCreated={onCreated} />
    </Dialog>
  );
}

function CreateForm({ onClose, onCreated }: Omit<CreateProps, 'isOpen'>) {
  const t = useText('patients');
  const common = useText('common');
  const locale = useLocale();
  const [failure, setFailure] = useState<unknown>();
  const form = useForm<PatientFields>({ defaultValues: EMPTY_PATIENT });
  const submit = form.handleSubmit(async (fields) => {
    setFailure(undefined);
    try {
      const patient = await call('createPatient', { body: bodyOf(fields) });
      patientChanged(patient);
      showToast(t('created'));
      onCreated(patient);
    } catch (error) {
      setFailure(error);
    }
  });
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-5">
      {failure !== undefined && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
      <PatientFormFields form={form} />
      <div className="flex justify-end gap-2">
        <Button onPress={onClose}>{common('cancel')}</Button>
        <Button kind="primary" type="submit" isPending={form.formState.isSubmitting}>
          {common('create')}
        </Button>
      </div>
    </form>
  );
}

import type { Patient } from '@negatoscope/contract';
import { HandHelping } from 'lucide-react';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { download } from '../../api/client.ts';
import { ApiError, errorText } from '../../api/error.ts';
import { formatName } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { showToast } from '../../ui/toast.tsx';

/** Gives a patient their images: who receives them is asked first, since the server notes it. */
export function HandOver({ patient }: { patient: Patient }) {
  const t = useText('patients');
  const [isOpen, setOpen] = useState(false);
  const close = (): void => setOpen(false);
  return (
    <>
      <Button icon={<HandHelping size={16} />} onPress={() => setOpen(true)}>
        {t('handOver')}
      </Button>
      <Dialog title={t('handOver')} isOpen={isOpen} onClose={close}>
        <HandOverForm patient={patient} onClose={close} />
      </Dialog>
    </>
  );
}

interface FormProps {
  readonly patient: Patient;
  readonly onClose: () => void;
}

/** Asks for the images under the name of who receives them; once more without damaged files, where that is what failed. */
function useHandOver({ patient, onClose }: FormProps) {
  const t = useText('patients');
  const [failure, setFailure] = useState<unknown>();
  const isDamaged = failure instanceof ApiError && failure.code === 'OBJECT_DAMAGED';
  const form = useForm({ defaultValues: { recipient: '' } });
  const submit = form.handleSubmit(async ({ recipient }) => {
    setFailure(undefined);
    try {
      const file = await download('handOverPatient', {
        params: { id: patient.id },
        body: { recipient: recipient.trim(), ...(isDamaged ? { partial: true } : {}) },
      });
      saveFile(file, `${patient.recordNumber}.zip`);
      showToast(t('handedOver'));
      onClose();
    } catch (error) {
      setFailure(error);
    }
  });
  return { form, submit, failure, isDamaged };
}

function HandOverForm(props: FormProps) {
  const t = useText('patients');
  const common = useText('common');
  const locale = useLocale();
  const { form, submit, failure, isDamaged } = useHandOver(props);
  const { errors, isSubmitting } = form.formState;
  const isName = (text: string): boolean | string => text.trim().length >= 2 || t('recipientMissing');
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-5">
      {isDamaged && <Notice tone="amber">{t('damagedHandOver')}</Notice>}
      {failure !== undefined && !isDamaged && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
      <p className="text-dim">{t('handOverText', { patient: formatName(props.patient) || common('noName') })}</p>
      <TextField
        label={t('recipient')}
        hint={t('recipientHint')}
        error={errors.recipient?.message}
        maxLength={120}
        autoComplete="off"
        {...form.register('recipient', { validate: isName })}
      />
      <div className="flex justify-end gap-2">
        <Button onPress={props.onClose}>{common('cancel')}</Button>
        <Button kind="primary" type="submit" isPending={isSubmitting}>
          {t(isDamaged ? 'handOverWithout' : 'handOver')}
        </Button>
      </div>
    </form>
  );
}

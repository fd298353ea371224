import type { Patient } from '@negatoscope/contract';
import { HandHelping } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useForm } from 'react-hook-form';
import { download } from '../../api/client.ts';
import { ApiError, errorText } from '../../api/error.ts';
import { formatName } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
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

type Form = 'FOLDER' | 'DISC' | 'DATA';

/** What is asked for, and what the browser names it: a medium as files or as the image of a disc, or files with the record's data. */
const MEDIA = { FOLDER: ['ZIP', 'zip'], DISC: ['ISO', 'iso'] } as const;

interface Giving {
  readonly patient: Patient;
  readonly recipient: string;
  readonly form: Form;
  readonly isPartial: boolean;
  readonly signal: AbortSignal;
}

async function give({ patient, recipient, form, isPartial, signal }: Giving): Promise<void> {
  const params = { id: patient.id };
  const body = { recipient: recipient.trim(), ...(isPartial ? { partial: true } : {}) };
  if (form === 'DATA') {
    saveFile(await download('handOverPatient', { params, body, signal }), `${patient.recordNumber}.zip`);
    return;
  }
  const [kind, extension] = MEDIA[form];
  saveFile(
    await download('makeMedium', { params, body: { ...body, form: kind }, signal }),
    `${patient.recordNumber}.${extension}`,
  );
}

/** Asks for the images under the name of who receives them; once more without damaged files, where that is what failed. Who closes the dialog ends it. */
function useHandOver({ patient, onClose }: FormProps) {
  const t = useText('patients');
  const [failure, setFailure] = useState<unknown>();
  const ended = useRef(new AbortController());
  useEffect(() => {
    const controller = new AbortController();
    ended.current = controller;
    return () => controller.abort();
  }, []);
  const isDamaged = failure instanceof ApiError && failure.code === 'OBJECT_DAMAGED';
  const form = useForm<{ recipient: string; form: Form }>({ defaultValues: { recipient: '', form: 'FOLDER' } });
  const submit = form.handleSubmit(async (wanted) => {
    const { signal } = ended.current;
    setFailure(undefined);
    try {
      await give({ ...wanted, patient, isPartial: isDamaged, signal });
      showToast(t('handedOver'));
      onClose();
    } catch (error) {
      if (!signal.aborted) setFailure(error);
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
  const choices = (['FOLDER', 'DISC', 'DATA'] as const).map((value) => ({ value, label: t(`handOverAs${value}`) }));
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
      <SelectField
        label={t('handOverForm')}
        hint={t(`handOverHint${form.watch('form')}`)}
        choices={choices}
        {...form.register('form')}
      />
      {isSubmitting && <p role="status">{t('handOverRuns')}</p>}
      <div className="flex justify-end gap-2">
        <Button onPress={props.onClose}>{common('cancel')}</Button>
        <Button kind="primary" type="submit" isPending={isSubmitting}>
          {t(isDamaged ? 'handOverWithout' : 'handOver')}
        </Button>
      </div>
    </form>
  );
}

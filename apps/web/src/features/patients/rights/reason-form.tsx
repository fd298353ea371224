import type { ReactNode } from 'react';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { errorText } from '../../../api/error.ts';
import { useLocale, useText } from '../../../i18n/index.ts';
import { Notice } from '../../../ui/bits.tsx';
import { Button, type ButtonKind } from '../../../ui/button.tsx';
import { TextAreaField } from '../../../ui/field.tsx';

interface Props {
  readonly label: string;
  readonly kind?: ButtonKind;
  readonly send: (reason: string) => Promise<void>;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}

/** Asks why, and does it; what fails is told and the text stays. */
export function ReasonForm({ label, kind = 'primary', send, onClose, children }: Props) {
  const t = useText('rights');
  const common = useText('common');
  const locale = useLocale();
  const [failure, setFailure] = useState<unknown>();
  const form = useForm({ defaultValues: { reason: '' } });
  const submit = form.handleSubmit(async ({ reason }) => {
    setFailure(undefined);
    await send(reason.trim()).then(onClose, setFailure);
  });
  const { errors, isSubmitting } = form.formState;
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
      {failure !== undefined && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
      {children}
      <TextAreaField
        label={t('holdReason')}
        hint={t('holdReasonHint')}
        error={errors.reason?.message}
        maxLength={500}
        rows={3}
        {...form.register('reason', { validate: (text) => text.trim().length >= 3 || t('reasonMissing') })}
      />
      <div className="flex justify-end gap-2">
        <Button onPress={onClose}>{common('cancel')}</Button>
        <Button kind={kind} type="submit" isPending={isSubmitting}>
          {label}
        </Button>
      </div>
    </form>
  );
}

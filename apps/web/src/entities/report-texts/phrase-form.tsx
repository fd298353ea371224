import { useForm } from 'react-hook-form';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { TextAreaField, TextField } from '../../ui/field.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useSubmit } from '../../ui/use-submit.ts';
import { KeepOrLeave, LanguageField } from './form-parts.tsx';
import { refreshTexts } from './queries.ts';
import type { Whose } from './whose.ts';

export interface EditedPhrase {
  /** Null: a new one. */
  readonly id: string | null;
  readonly language: 'fr' | 'en';
  readonly short: string;
  readonly text: string;
}
interface FormProps {
  readonly whose: Whose;
  readonly edited: EditedPhrase;
  readonly onClose: () => void;
}

const SHORT = /^\p{L}[\p{L}\p{N}-]{0,15}$/u;

function usePhraseForm({ whose, edited, onClose }: FormProps) {
  const t = useText('reports');
  const form = useForm<EditedPhrase>({ defaultValues: edited });
  const sending = useSubmit(async () => {
    const { language, short, text } = form.getValues();
    await call('saveReportPhrase', {
      body: { ...whose, replaces: edited.id, language, short: short.trim().toLowerCase(), text: text.trim() },
    });
    await refreshTexts();
    showToast(t('phraseSaved'));
    onClose();
  });
  return { form, failure: sending.failure, isPending: sending.isPending, submit: form.handleSubmit(sending.run) };
}

/** An abbreviation, and what it stands for. */
export function PhraseForm(props: FormProps) {
  const t = useText('reports');
  const common = useText('common');
  const locale = useLocale();
  const { form, failure, isPending, submit } = usePhraseForm(props);
  const { errors } = form.formState;
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
      {failure !== undefined && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label={t('short')}
          hint={t('shortHint')}
          maxLength={16}
          autoCapitalize="none"
          error={errors.short?.message}
          {...form.register('short', { validate: (value) => SHORT.test(value.trim().toLowerCase()) || t('shortBad') })}
        />
        <LanguageField {...form.register('language')} />
      </div>
      <TextAreaField
        label={t('text')}
        rows={4}
        maxLength={2_000}
        error={errors.text?.message}
        {...form.register('text', { validate: (value) => value.trim() !== '' || common('required') })}
      />
      <KeepOrLeave isPending={isPending} onLeave={props.onClose} />
    </form>
  );
}

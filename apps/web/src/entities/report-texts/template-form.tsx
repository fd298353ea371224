import { REPORT_SECTIONS, type ReportSection } from '@negatoscope/contract/report-sections';
import { type UseFormReturn, useForm } from 'react-hook-form';
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

export interface EditedTemplate {
  /** Null: a new one. */
  readonly id: string | null;
  readonly name: string;
  readonly language: 'fr' | 'en';
  readonly modality: string;
  readonly region: string;
  readonly sections: Readonly<Record<ReportSection, string>>;
}
interface FormProps {
  readonly whose: Whose;
  readonly edited: EditedTemplate;
  readonly onClose: () => void;
}

const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());

function useTemplateForm({ whose, edited, onClose }: FormProps) {
  const t = useText('reports');
  const form = useForm<EditedTemplate>({ defaultValues: edited });
  const sending = useSubmit(async () => {
    const { name, language, modality, region, sections } = form.getValues();
    const asked = { name: name.trim(), language, modality: orNull(modality.toUpperCase()), region: orNull(region) };
    await call('saveReportTemplate', { body: { ...whose, replaces: edited.id, ...asked, sections: { ...sections } } });
    await refreshTexts();
    showToast(t('templateSaved'));
    onClose();
  });
  return { form, failure: sending.failure, isPending: sending.isPending, submit: form.handleSubmit(sending.run) };
}

/** The texts of a template, and of which examinations it is. */
export function TemplateForm(props: FormProps) {
  const t = useText('reports');
  const locale = useLocale();
  const { form, failure, isPending, submit } = useTemplateForm(props);
  const { errors } = form.formState;
  const hasText = (): string | true =>
    REPORT_SECTIONS.some((name) => form.getValues(`sections.${name}`).trim() !== '') || t('noText');
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-4">
      {failure !== undefined && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
      <AboutFields form={form} />
      {REPORT_SECTIONS.map((name) => (
        <TextAreaField
          key={name}
          label={t(name)}
          rows={name === 'findings' ? 6 : 2}
          maxLength={20_000}
          error={errors.sections?.[name]?.message}
          {...form.register(`sections.${name}`, name === 'findings' ? { validate: hasText } : {})}
        />
      ))}
      <KeepOrLeave isPending={isPending} onLeave={props.onClose} />
    </form>
  );
}

function AboutFields({ form }: { form: UseFormReturn<EditedTemplate> }) {
  const t = useText('reports');
  const common = useText('common');
  const { errors } = form.formState;
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <TextField
        label={t('name')}
        maxLength={80}
        error={errors.name?.message}
        {...form.register('name', { validate: (value) => value.trim() !== '' || common('required') })}
      />
      <LanguageField {...form.register('language')} />
      <TextField
        label={t('modality')}
        hint={t('modalityHint')}
        maxLength={16}
        error={errors.modality?.message}
        {...form.register('modality', { validate: (value) => /^[A-Za-z0-9_]*$/.test(value.trim()) || t('modalityBad') })}
      />
      <TextField label={t('region')} maxLength={40} {...form.register('region')} />
    </div>
  );
}

import type { Study } from '@negatoscope/contract';
import { useId } from 'react';
import { Controller } from 'react-hook-form';
import { formatDate, formatName } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { textOfFile } from '../../i18n/text-of-file.ts';
import { DateField } from '../../ui/date-field.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { BY_DATE, DAYS } from './share-rules.ts';
import type { ShareForm } from './use-share-form.ts';

interface StudiesProps {
  readonly of: ShareForm;
  readonly studies: readonly Study[];
}
/** What is shared, by name and date; of several each can be left out. */
export function SharedStudies({ of, studies }: StudiesProps) {
  const t = useText('shares');
  const [first] = studies;
  if (first === undefined || studies.length > 1) return <ChosenStudies of={of} studies={studies} />;
  return (
    <div>
      <p className="mb-1 text-[13px] font-medium text-dim">{t('what')}</p>
      <StudyName study={first} />
    </div>
  );
}

function ChosenStudies({ of: { form, rules }, studies }: StudiesProps) {
  const t = useText('shares');
  const error = form.formState.errors.studyIds?.message;
  const errorId = useId();
  const field = form.register('studyIds', { validate: rules.studyIds });
  return (
    <fieldset aria-describedby={error === undefined ? undefined : errorId}>
      <legend className="mb-1 text-[13px] font-medium text-dim">{t('what')}</legend>
      <ul className="max-h-44 overflow-auto rounded-lg border border-line bg-bg/40 px-3 py-1">
        {studies.map((study) => (
          <li key={study.id}>
            <label className="flex min-h-8 items-center gap-2.5 py-1">
              <input type="checkbox" value={study.id} className="size-4 shrink-0 accent-(--ng-accent)" {...field} />
              <StudyName study={study} />
            </label>
          </li>
        ))}
      </ul>
      {error !== undefined && (
        <p id={errorId} role="alert" className="mt-1 text-[13px] text-danger">
          ! {error}
        </p>
      )}
    </fieldset>
  );
}

function StudyName({ study: { patient, description, studyDate, modalities } }: { study: Study }) {
  const t = useText('shares');
  const common = useText('common');
  const locale = useLocale();
  return (
    <span className="min-w-0 break-words">
      {formatName(patient) || common('noName')}
      <span className="tabular text-dim">
        {' '}
        · {formatDate(studyDate, locale) || t('undated')} · {textOfFile(description) || textOfFile(modalities.join(', '))}
      </span>
    </span>
  );
}

export function RecipientField({ of: { form, rules } }: { of: ShareForm }) {
  const t = useText('shares');
  return (
    <TextField
      label={t('recipient')}
      hint={t('recipientHint')}
      error={form.formState.errors.recipient?.message}
      maxLength={200}
      autoComplete="off"
      {...form.register('recipient', { validate: rules.recipient })}
    />
  );
}

/** With or without identity; who sees none is told why there is no choice. */
export function ProfileField({ of: { form, maySee } }: { of: ShareForm }) {
  const t = useText('shares');
  const profiles = maySee ? (['IDENTIFIED', 'PSEUDONYM'] as const) : (['PSEUDONYM'] as const);
  const hint = maySee ? t(`profileHint_${form.watch('profile')}`) : `${t('forced')} ${t('profileHint_PSEUDONYM')}`;
  return (
    <SelectField
      label={t('identity')}
      hint={hint}
      choices={profiles.map((value) => ({ value, label: t(`profile_${value}`) }))}
      {...form.register('profile')}
    />
  );
}

/** Until when, and how often. */
export function LimitFields({ of: { form, rules } }: { of: ShareForm }) {
  const t = useText('shares');
  const { errors } = form.formState;
  const days = DAYS.map((count) => ({ value: String(count), label: t('days', { days: count }) }));
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <div className="flex flex-col gap-3">
        <SelectField
          label={t('until')}
          choices={[...days, { value: BY_DATE, label: t('untilDate') }]}
          {...form.register('valid')}
        />
        {form.watch('valid') === BY_DATE && (
          <Controller
            control={form.control}
            name="date"
            rules={{ validate: rules.date }}
            render={({ field: { value, onChange } }) => (
              <DateField label={t('date')} value={value} onChange={onChange} error={errors.date?.message} />
            )}
          />
        )}
      </div>
      <TextField
        label={t('openings')}
        hint={t('openingsHint')}
        error={errors.openings?.message}
        inputMode="numeric"
        autoComplete="off"
        maxLength={4}
        {...form.register('openings', { validate: rules.openings })}
      />
    </div>
  );
}

/** What the link asks for and allows. */
export function AllowedFields({ of: { form } }: { of: ShareForm }) {
  const t = useText('shares');
  const id = useId();
  return (
    <div className="flex flex-col gap-3">
      {(['withCode', 'mayDownload'] as const).map((name) => (
        <div key={name}>
          <label className="flex items-center gap-2.5">
            <input
              type="checkbox"
              className="size-4 shrink-0 accent-(--ng-accent)"
              aria-describedby={`${id}-${name}`}
              {...form.register(name)}
            />
            {t(name)}
          </label>
          <p id={`${id}-${name}`} className="mt-0.5 pl-6 text-[13px] text-dim">
            {t(`${name}Hint`)}
          </p>
        </div>
      ))}
    </div>
  );
}

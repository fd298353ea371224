import type { ReactNode } from 'react';
import { Controller, type UseFormReturn } from 'react-hook-form';
import { today } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { DateField } from '../../ui/date-field.tsx';
import { SelectField, TextAreaField, TextField } from '../../ui/field.tsx';
import type { PatientFields } from './patient-fields.ts';

interface PatientFormProps {
  readonly form: UseFormReturn<PatientFields>;
  /** A patient who came without a name may stay so. */
  readonly mayBeNameless?: boolean;
  /** What is said of the name, below it. */
  readonly ofName?: ReactNode;
}
export function PatientFormFields({ form, mayBeNameless = false, ofName }: PatientFormProps) {
  const t = useText('patients');
  const common = useText('common');
  const { errors } = form.formState;
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <TextField
        label={t('lastName')}
        maxLength={100}
        autoComplete="off"
        error={errors.lastName?.message}
        {...form.register('lastName', { validate: (value) => mayBeNameless || value.trim() !== '' || common('required') })}
      />
      <TextField label={t('firstName')} maxLength={100} autoComplete="off" {...form.register('firstName')} />
      {ofName !== undefined && <div className="sm:col-span-2">{ofName}</div>}
      <Controller
        control={form.control}
        name="birthDate"
        rules={{ validate: (value) => value <= today() || t('futureDate') }}
        render={({ field }) => (
          <DateField label={t('birthDate')} value={field.value} onChange={field.onChange} error={errors.birthDate?.message} />
        )}
      />
      <SelectField
        label={t('sex')}
        choices={(['F', 'M', 'O', 'U'] as const).map((value) => ({ value, label: common(`sex${value}`) }))}
        {...form.register('sex')}
      />
      <TextField label={t('externalId')} maxLength={64} autoComplete="off" {...form.register('externalId')} />
      <TextField label={t('phone')} type="tel" maxLength={50} autoComplete="off" {...form.register('phone')} />
      <TextAreaField label={t('address')} rows={2} maxLength={500} className="sm:col-span-2" {...form.register('address')} />
    </div>
  );
}

import type { UseFormReturn } from 'react-hook-form';
import { today } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { SelectField, TextAreaField, TextField } from '../../ui/field.tsx';
import type { PatientFields } from './patient-fields.ts';

export function PatientFormFields({ form }: { form: UseFormReturn<PatientFields> }) {
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
        {...form.register('lastName', { validate: (value) => value.trim() !== '' || common('required') })}
      />
      <TextField label={t('firstName')} maxLength={100} autoComplete="off" {...form.register('firstName')} />
      <TextField
        label={t('birthDate')}
        type="date"
        max={today()}
        error={errors.birthDate?.message}
        {...form.register('birthDate', { validate: (value) => value <= today() || t('futureDate') })}
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

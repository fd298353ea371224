import type { Patient } from '@negatoscope/contract';
import type { UseFormReturn } from 'react-hook-form';
import { today } from '../../i18n/format.ts';
import { useText } from '../../i18n/index.ts';
import { SelectField, TextAreaField, TextField } from '../../ui/field.tsx';

export interface PatientFields {
  readonly lastName: string;
  readonly firstName: string;
  readonly birthDate: string;
  readonly sex: Patient['sex'];
  readonly externalId: string;
  readonly phone: string;
  readonly address: string;
}
export const PATIENT_FIELDS = [
  'lastName',
  'firstName',
  'birthDate',
  'sex',
  'externalId',
  'phone',
  'address',
] as const satisfies readonly (keyof PatientFields)[];
export const EMPTY_PATIENT: PatientFields = {
  lastName: '',
  firstName: '',
  birthDate: '',
  sex: 'U',
  externalId: '',
  phone: '',
  address: '',
};

export function fieldsOf(patient: Patient): PatientFields {
  return {
    lastName: patient.lastName,
    firstName: patient.firstName,
    birthDate: patient.birthDate ?? '',
    sex: patient.sex,
    externalId: patient.externalId ?? '',
    phone: patient.phone ?? '',
    address: patient.address ?? '',
  };
}
const orNull = (value: string): string | null => (value.trim() === '' ? null : value.trim());
/** The body of a request: empty texts are unknown values. */
export function bodyOf(fields: PatientFields) {
  return {
    lastName: fields.lastName.trim(),
    firstName: fields.firstName.trim(),
    birthDate: orNull(fields.birthDate),
    sex: fields.sex,
    externalId: orNull(fields.externalId),
    phone: orNull(fields.phone),
    address: orNull(fields.address),
  };
}
/** The fields that differ between two readings of one record. */
export const changedFields = (before: PatientFields, after: PatientFields): (keyof PatientFields)[] =>
  PATIENT_FIELDS.filter((field) => before[field].trim() !== after[field].trim());

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

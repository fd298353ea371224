import type { Patient } from '@negatoscope/contract';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { call } from '../../api/client.ts';
import { ApiError, errorText } from '../../api/error.ts';
import { patientChanged } from '../../entities/patient/queries.ts';
import { formatDate } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { showToast } from '../../ui/toast.tsx';
import { untouched } from '../../ui/untouched.ts';
import { bodyOf, changedFields, fieldsOf, type PatientFields } from './patient-fields.ts';
import { PatientFormFields } from './patient-form.tsx';

interface EditProps {
  readonly patient: Patient;
  readonly onClose: () => void;
}

/** A record as someone else saved it meanwhile, and what of that nobody touched here: the form has taken it over. */
interface Stale {
  readonly saved: PatientFields;
  readonly taken: readonly (keyof PatientFields)[];
}

/** Saves what changed, and that alone. */
function useEditForm({ patient, onClose }: EditProps) {
  const common = useText('common');
  const [base, setBase] = useState(patient);
  const [stale, setStale] = useState<Stale>();
  const [failure, setFailure] = useState<unknown>();
  const form = useForm<PatientFields>({ defaultValues: fieldsOf(patient) });
  const submit = form.handleSubmit(async (fields) => {
    setFailure(undefined);
    const changed = changedFields(fieldsOf(base), fields);
    if (changed.length === 0) return onClose();
    const body = bodyOf(fields);
    const change = Object.fromEntries(changed.map((field) => [field, body[field]]));
    try {
      patientChanged(await call('updatePatient', { params: { id: patient.id }, body: { updatedAt: base.updatedAt, ...change } }));
      showToast(common('saved'));
      onClose();
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'STALE_UPDATE') return setFailure(error);
      const current = await call('getPatient', { params: { id: patient.id } }).catch(() => undefined);
      if (current === undefined) return setFailure(error);
      const now = fieldsOf(current);
      const taken = untouched(changedFields, { before: fieldsOf(base), now, mine: form.getValues() });
      for (const field of taken) form.setValue(field, now[field]);
      setBase(current);
      setStale({ saved: now, taken });
    }
  });
  return { form, submit, failure, stale };
}

/** Edits a record; when someone else saved meanwhile, both versions are shown and nothing typed is lost. */
export function EditPatient(props: EditProps) {
  const common = useText('common');
  const locale = useLocale();
  const { form, submit, failure, stale } = useEditForm(props);
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-5">
      {failure !== undefined && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
      {stale !== undefined && (
        <StaleNotice
          {...stale}
          mine={form.watch()}
          onTake={(field, value) => form.setValue(field, value, { shouldDirty: true })}
        />
      )}
      <PatientFormFields form={form} mayBeNameless={props.patient.lastName === ''} />
      <div className="flex justify-end gap-2">
        <Button onPress={props.onClose}>{common('cancel')}</Button>
        <Button kind="primary" type="submit" isPending={form.formState.isSubmitting}>
          {common('save')}
        </Button>
      </div>
    </form>
  );
}

interface StaleProps extends Stale {
  readonly mine: PatientFields;
  readonly onTake: (field: keyof PatientFields, value: string) => void;
}
const ROW = 'flex flex-wrap items-center gap-x-4 gap-y-1 border-t border-amber/30 pt-2';

function Said({ whose, value }: { readonly whose: string; readonly value: string }) {
  return (
    <span className="min-w-32 flex-1 break-words">
      <span className="block text-[12px] text-dim">{whose}</span>
      {value}
    </span>
  );
}

function StaleNotice({ saved, taken, mine, onTake }: StaleProps) {
  const t = useText('patients');
  const common = useText('common');
  const locale = useLocale();
  const show = (field: keyof PatientFields, fields: PatientFields): string => {
    if (field === 'sex') return common(`sex${fields.sex}`);
    const value = field === 'birthDate' ? formatDate(fields.birthDate, locale) : fields[field];
    return value === '' ? t('notGiven') : value;
  };
  return (
    <Notice tone="amber">
      <p className="font-semibold">{t('staleTitle')}</p>
      <p className="text-dim">{t('staleText')}</p>
      <ul className="mt-3 flex flex-col gap-2 text-[13px]">
        {taken.map((field) => (
          <li key={field} className={ROW}>
            <span className="w-28 font-medium">{t(field)}</span>
            <Said whose={t('theirs')} value={show(field, saved)} />
          </li>
        ))}
        {changedFields(saved, mine).map((field) => (
          <li key={field} className={ROW}>
            <span className="w-28 font-medium">{t(field)}</span>
            <Said whose={t('mine')} value={show(field, mine)} />
            <Said whose={t('theirs')} value={show(field, saved)} />
            <Button size="small" onPress={() => onTake(field, saved[field])}>
              {t('take')}
            </Button>
          </li>
        ))}
      </ul>
    </Notice>
  );
}

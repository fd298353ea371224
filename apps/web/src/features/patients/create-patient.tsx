import type { Patient } from '@negatoscope/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { type UseFormReturn, useForm, useWatch } from 'react-hook-form';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { OwnGroupField } from '../../entities/group/own-group-field.tsx';
import { patientChanged } from '../../entities/patient/queries.ts';
import { formatDate, formatName } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { textOfFile } from '../../i18n/text-of-file.ts';
import { Notice } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { showToast } from '../../ui/toast.tsx';
import { useDebounced } from '../../ui/use-debounced.ts';
import { bodyOf, EMPTY_PATIENT, type PatientFields } from './patient-fields.ts';
import { PatientFormFields } from './patient-form.tsx';
import { alikePeople, LEAST_LETTERS, nameKey, samePeople } from './same-person.ts';

/** Nobody types letters farther apart within a name. */
const RESTS_MS = 300;

interface CreateProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onCreated: (patient: Patient) => void;
}
export function CreatePatient({ isOpen, onClose, onCreated }: CreateProps) {
  const t = useText('patients');
  return (
    <Dialog title={t('newPatient')} isOpen={isOpen} onClose={onClose}>
      <CreateForm onClose={onClose} onCreated={onCreated} />
    </Dialog>
  );
}

const NOBODY: readonly Patient[] = [];

/** Who may be meant, while one types. What fails here is nothing: it is asked again before anybody is created. */
function useAlike(form: UseFormReturn<PatientFields>): readonly Patient[] {
  const [lastName, firstName, birthDate] = useWatch({ control: form.control, name: ['lastName', 'firstName', 'birthDate'] });
  const [last, first] = [useDebounced(lastName.trim(), RESTS_MS), useDebounced(firstName.trim(), RESTS_MS)];
  const isName = nameKey({ lastName: last, firstName: first }).length >= LEAST_LETTERS;
  const fields = { lastName: last, firstName: first, birthDate };
  const { data } = useQuery({
    queryKey: ['patients', 'alike', fields],
    queryFn: ({ signal }) => alikePeople(fields, signal),
    enabled: isName,
    retry: false,
    placeholderData: keepPreviousData,
  });
  return isName ? (data ?? NOBODY) : NOBODY;
}

/** Creates a patient, but asks first who of this name and birth date is there already. */
function useCreateForm(onCreated: CreateProps['onCreated']) {
  const t = useText('patients');
  const [failure, setFailure] = useState<unknown>();
  const form = useForm<PatientFields>({ defaultValues: EMPTY_PATIENT });
  const [same, setSame] = useState<readonly Patient[]>([]);
  const [groupId, setGroupId] = useState('');
  // Another name or date than the one that was looked for is another question.
  const asked = useRef('');
  const submit = form.handleSubmit(async (fields) => {
    setFailure(undefined);
    try {
      const question = `${nameKey(fields)} ${fields.birthDate}`;
      if (asked.current !== question) {
        const found = await samePeople(fields);
        setSame(found);
        asked.current = question;
        if (found.length > 0) return;
      }
      const patient = await call('createPatient', { body: { ...bodyOf(fields), ...(groupId !== '' && { groupId }) } });
      patientChanged(patient);
      showToast(t('created'));
      onCreated(patient);
    } catch (error) {
      setFailure(error);
    }
  });
  return { form, submit, failure, same, alike: useAlike(form), groupId, setGroupId };
}

function CreateForm({ onClose, onCreated }: Omit<CreateProps, 'isOpen'>) {
  const t = useText('patients');
  const common = useText('common');
  const locale = useLocale();
  const { form, submit, failure, same, alike, groupId, setGroupId } = useCreateForm(onCreated);
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="flex flex-col gap-5">
      {failure !== undefined && <Notice tone="danger">{errorText(failure, locale)}</Notice>}
      <PatientFormFields
        form={form}
        ofName={
          same.length === 0 && alike.length > 0 ? (
            <People title={t('alikePeople')} tone="info" patients={alike} onOpen={onClose} />
          ) : undefined
        }
      />
      <OwnGroupField value={groupId} onChange={setGroupId} />
      {same.length > 0 && (
        <People title={t('samePerson', { count: same.length })} tone="amber" patients={same} onOpen={onClose} />
      )}
      <div className="flex justify-end gap-2">
        <Button onPress={onClose}>{common('cancel')}</Button>
        <Button kind="primary" type="submit" isPending={form.formState.isSubmitting}>
          {same.length > 0 ? t('createAnyway') : common('create')}
        </Button>
      </div>
    </form>
  );
}

interface PeopleProps {
  readonly title: string;
  readonly tone: 'info' | 'amber';
  readonly patients: readonly Patient[];
  readonly onOpen: () => void;
}

/** Who is there already: opening them is the usual way, and one may go on. */
function People({ title, tone, patients, onOpen }: PeopleProps) {
  const locale = useLocale();
  return (
    <Notice tone={tone}>
      <p className="font-semibold">{title}</p>
      <ul className="mt-1">
        {patients.map((patient) => (
          <li key={patient.id}>
            <Link
              to="/app/patients/$id"
              params={{ id: patient.id }}
              onClick={onOpen}
              className="flex min-h-11 flex-wrap items-center gap-x-3 rounded text-accent hover:underline"
            >
              <span className="font-medium">{formatName(patient)}</span>
              <span className="tabular text-[13px] text-dim">
                {[formatDate(patient.birthDate, locale), patient.recordNumber, textOfFile(patient.externalId)]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Notice>
  );
}

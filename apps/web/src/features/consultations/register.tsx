import type { Patient } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { UserRoundPlus } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { call } from '../../api/client.ts';
import { ApiError, errorText } from '../../api/error.ts';
import { useCan } from '../../api/me.ts';
import { consultationChanged } from '../../entities/consultation/queries.ts';
import { PatientPicker } from '../../entities/patient/patient-picker.tsx';
import { patientQuery } from '../../entities/patient/queries.ts';
import { formatDate, formatName } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Notice, Skeleton } from '../../ui/bits.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { showToast } from '../../ui/toast.tsx';
import { currentOf } from './use-moves.ts';

interface RegisterProps {
  readonly date: string;
  /** Who is chosen already. */
  readonly patientId: string | undefined;
  readonly onDone: () => void;
}

/** First who, found while one types, then why and for whom. */
export function RegisterForm({ date, patientId, onDone }: RegisterProps) {
  const [picked, setPicked] = useState<Patient | 'nobody'>();
  const known = useQuery({ ...patientQuery(patientId ?? ''), enabled: patientId !== undefined && picked === undefined }).data;
  // Who is open for reading alone is registered by their own group.
  const mayBe = known?.onlyReads === true ? undefined : known;
  const patient = picked === 'nobody' ? undefined : (picked ?? mayBe);
  if (patientId !== undefined && picked === undefined && known === undefined) return <Skeleton width="100%" height={120} />;
  if (patient === undefined) return <PickPatient onPick={setPicked} />;
  return <Registration key={patient.id} patient={patient} date={date} onOther={() => setPicked('nobody')} onDone={onDone} />;
}

function PickPatient({ onPick }: { onPick: (patient: Patient) => void }) {
  const t = useText('consultations');
  const can = useCan();
  return (
    <div className="flex min-h-72 flex-col gap-3">
      <PatientPicker label={t('patient')} onPick={onPick} />
      {can('patients.write') && (
        <div className="mt-auto flex flex-col items-start gap-2 border-t border-line pt-3 text-[13px] text-dim">
          <p>{t('newPatientHint')}</p>
          <Link to="/app/patients" search={{ create: true }} className={buttonClass()}>
            <UserRoundPlus size={16} />
            {t('newPatient')}
          </Link>
        </div>
      )}
    </div>
  );
}

interface RegistrationProps {
  readonly patient: Patient;
  readonly date: string;
  readonly onOther: () => void;
  readonly onDone: () => void;
}

function useRegistration({ patient, date, onDone }: RegistrationProps) {
  const t = useText('consultations');
  const navigate = useNavigate();
  const [failure, setFailure] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const register = async (reason: string, physicianId: string, isThen: boolean): Promise<void> => {
    setBusy(true);
    setFailure(undefined);
    try {
      const body = { patientId: patient.id, date, reason: reason.trim(), physicianId: physicianId === '' ? null : physicianId };
      const made = await call('registerConsultation', { body });
      consultationChanged(made);
      showToast(t('registered'));
      if (isThen) void navigate({ to: '/app/consultations/$id', params: { id: made.id } });
      else onDone();
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  };
  return { failure, isBusy, register };
}

function Registration(props: RegistrationProps) {
  const { patient, onOther } = props;
  const t = useText('consultations');
  const [reason, setReason] = useState('');
  const [physicianId, setPhysicianId] = useState('');
  const { failure, isBusy, register } = useRegistration(props);
  const submit = (event: FormEvent, isThen: boolean): void => {
    event.preventDefault();
    void register(reason, physicianId, isThen);
  };
  return (
    <form onSubmit={(event) => submit(event, true)} noValidate className="flex flex-col gap-4">
      <Chosen patient={patient} onOther={onOther} />
      {failure !== undefined && <Failed failure={failure} />}
      <TextField
        label={t('reason')}
        hint={t('reasonHint')}
        maxLength={500}
        autoComplete="off"
        autoFocus
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <Physician patientId={patient.id} value={physicianId} onChange={setPhysicianId} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button isDisabled={isBusy} onPress={() => void register(reason, physicianId, false)}>
          {t('registerShort')}
        </Button>
        <Button kind="primary" type="submit" isPending={isBusy}>
          {t('registerThen')}
        </Button>
      </div>
    </form>
  );
}

function Chosen({ patient, onOther }: Pick<RegistrationProps, 'patient' | 'onOther'>) {
  const t = useText('consultations');
  const common = useText('common');
  const locale = useLocale();
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-lg border border-line bg-bg/40 px-3 py-2">
      <span className="min-w-0 flex-1 basis-48">
        <span className="block font-medium break-words">{formatName(patient) || common('noName')}</span>
        <span className="tabular text-[13px] text-dim">
          {[formatDate(patient.birthDate, locale), patient.recordNumber].filter(Boolean).join(' · ')}
        </span>
      </span>
      <Button size="small" kind="quiet" onPress={onOther}>
        {t('otherPatient')}
      </Button>
    </div>
  );
}

function Physician({ patientId, value, onChange }: { patientId: string; value: string; onChange: (id: string) => void }) {
  const t = useText('consultations');
  const { data } = useQuery({
    queryKey: ['physicians', patientId],
    queryFn: ({ signal }) => call('listPhysicians', { query: { patientId }, signal }),
  });
  const choices = [
    { value: '', label: t('anybody') },
    ...(data?.items ?? []).map(({ id, name }) => ({ value: id, label: name })),
  ];
  return (
    <SelectField label={t('physician')} choices={choices} value={value} onChange={(event) => onChange(event.target.value)} />
  );
}

/** Who waits already is one tap away. */
function Failed({ failure }: { failure: unknown }) {
  const t = useText('consultations');
  const locale = useLocale();
  const current = currentOf(failure);
  if (!(failure instanceof ApiError) || failure.code !== 'ALREADY_WAITING' || current === undefined)
    return <Notice tone="danger">{errorText(failure, locale)}</Notice>;
  return (
    <Notice tone="amber">
      <p>{t('alreadyWaiting')}</p>
      <Link
        to="/app/consultations/$id"
        params={{ id: current.id }}
        className="inline-flex min-h-11 items-center text-accent hover:underline"
      >
        {t('seeIt')}
      </Link>
    </Notice>
  );
}

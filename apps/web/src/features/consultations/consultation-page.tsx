import type { Consultation } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useRouter } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { ApiError, errorText } from '../../api/error.ts';
import { useCan, useUser } from '../../api/me.ts';
import { useLiveConsultations } from '../../entities/consultation/live.ts';
import { consultationQuery, consultationsOfPatientQuery } from '../../entities/consultation/queries.ts';
import { ConsultationStatusMark } from '../../entities/consultation/status.tsx';
import { Trends } from '../../entities/consultation/trend.tsx';
import { FhirDownload } from '../../entities/fhir-download.tsx';
import { formatDate, formatInstant, formatName } from '../../i18n/format.ts';
import { type Text, useAge, useLocale, useText } from '../../i18n/index.ts';
import { LoadError, Skeleton } from '../../ui/bits.tsx';
import { Button, IconButton, InWords } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { isCovered, isTyping } from '../../ui/keys.ts';
import { NotFound } from '../../ui/not-found.tsx';
import { Scroll } from '../../ui/page.tsx';
import { Films } from './films.tsx';
import { KeptState, Notes } from './notes-field.tsx';
import { SymptomFields } from './symptom-fields.tsx';
import { Told } from './told.tsx';
import { type Drafting, useDraft } from './use-draft.ts';
import { undo, useMoves } from './use-moves.ts';
import { VitalFields } from './vital-fields.tsx';

export function ConsultationPage() {
  const { id } = useParams({ from: '/app/consultations/$id' });
  const locale = useLocale();
  useLiveConsultations();
  const { data, error, refetch } = useQuery(consultationQuery(id));
  if (error instanceof ApiError && error.status === 404) return <NotFound />;
  if (data === undefined && error !== null)
    return <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />;
  return data === undefined ? <Loading /> : <Loaded key={data.id} consultation={data} />;
}

const Loading = () => (
  <Scroll>
    <div className="flex flex-col gap-5 pt-5">
      <Skeleton width={280} height={26} />
      <div className="grid gap-5 lg:grid-cols-2">
        <Skeleton width="100%" height={300} />
        <Skeleton width="100%" height={300} />
      </div>
    </div>
  </Scroll>
);

/** Back to the waiting room, by Escape too. */
function useWayBack(): () => void {
  const router = useRouter();
  const navigate = useNavigate();
  const back = (): void => {
    if (router.history.canGoBack()) router.history.back();
    else void navigate({ to: '/app/consultations', search: {} });
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !event.defaultPrevented && !isTyping(event.target) && !isCovered()) back();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });
  return back;
}

function Loaded({ consultation }: { consultation: Consultation }) {
  const t = useText('consultations');
  const can = useCan();
  const me = useUser();
  const drafting = useDraft(consultation);
  const isOpen = consultation.status === 'WAITING' || consultation.status === 'IN_PROGRESS';
  const isMine = consultation.status === 'IN_PROGRESS' && consultation.physicianId === me?.id && can('consultations.conduct');
  const mayEdit = isOpen && can('consultations.register');
  useEffect(() => {
    document.title = `${consultation.patient.recordNumber} · Negatoscope`;
  }, [consultation.patient.recordNumber]);
  return (
    <Scroll>
      <Head consultation={consultation} isMine={isMine} drafting={drafting} />
      {mayEdit && (
        <div className="sticky top-0 z-10 mb-3 bg-bg py-1">
          <KeptState drafting={drafting} />
        </div>
      )}
      <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-5">
          {mayEdit ? <Asked consultation={consultation} drafting={drafting} /> : <Answered consultation={consultation} />}
        </div>
        <div className="flex min-w-0 flex-col gap-5">
          <Card title={t('notes')}>
            <Notes drafting={drafting} mayWrite={isMine} />
          </Card>
          <Card title={t('films')}>
            <Films consultation={consultation} isMine={isMine} />
          </Card>
          <Course patientId={consultation.patientId} />
        </div>
      </div>
    </Scroll>
  );
}

/** What is measured and asked, to be written. */
function Asked({ consultation, drafting }: Omit<HeadProps, 'isMine'>) {
  const t = useText('consultations');
  return (
    <>
      <Card title={t('vitals')} aside={<TakenAt consultation={consultation} />}>
        <VitalFields drafting={drafting} birthDate={consultation.patient.birthDate} date={consultation.date} />
      </Card>
      <Card title={t('symptoms')}>
        <Reason drafting={drafting} />
        <SymptomFields drafting={drafting} />
      </Card>
    </>
  );
}

/** The same as it was told. */
function Answered({ consultation }: { consultation: Consultation }) {
  const t = useText('consultations');
  return (
    <>
      <Card title={t('vitals')} aside={<TakenAt consultation={consultation} />}>
        <Told consultation={consultation} of="vitals" />
      </Card>
      <Card title={t('symptoms')}>
        {consultation.reason !== '' && <p className="mb-2">{consultation.reason}</p>}
        <Told consultation={consultation} of="symptoms" />
      </Card>
    </>
  );
}

function Card({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className="ng-card p-4 sm:p-5" aria-label={title}>
      <div className="mb-3 flex flex-wrap items-baseline justify-between gap-x-3">
        <h2 className="font-semibold">{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}

function TakenAt({ consultation: { vitalSignsAt } }: { consultation: Consultation }) {
  const t = useText('consultations');
  const locale = useLocale();
  return (
    <span className="tabular text-[13px] text-dim">
      {vitalSignsAt === null ? t('notTaken') : t('vitalsAt', { time: formatInstant(vitalSignsAt, locale) })}
    </span>
  );
}

function Reason({ drafting: { draft, keeper } }: { drafting: Drafting }) {
  const t = useText('consultations');
  return (
    <TextField
      label={t('reason')}
      maxLength={500}
      autoComplete="off"
      className="mb-3"
      value={draft.reason}
      onChange={(event) => keeper.set('reason', event.target.value)}
      onBlur={() => void keeper.flush()}
    />
  );
}

/** Fever and weight of the patient, of all their consultations. */
function Course({ patientId }: { patientId: string }) {
  const { data } = useQuery(consultationsOfPatientQuery(patientId));
  return data === undefined ? null : <Trends lines={data.items} />;
}

interface HeadProps {
  readonly consultation: Consultation;
  readonly isMine: boolean;
  readonly drafting: Drafting;
}
function Head({ consultation, isMine, drafting }: HeadProps) {
  const common = useText('common');
  const locale = useLocale();
  const age = useAge();
  const back = useWayBack();
  const { patient } = consultation;
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-3 pt-4 pb-3">
      <IconButton label={common('back')} onPress={back}>
        <ArrowLeft size={18} />
      </IconButton>
      <div className="min-w-0 flex-1 basis-60">
        <h1 className="text-lg font-semibold break-words sm:text-xl">
          <Link to="/app/patients/$id" params={{ id: patient.id }} className="rounded hover:text-accent">
            {formatName(patient) || common('noName')}
          </Link>
        </h1>
        <p className="tabular flex flex-wrap items-center gap-x-3 text-[13px] text-dim">
          <span>
            {[common(`sexShort${patient.sex}`), age(patient.birthDate, consultation.date), patient.recordNumber]
              .filter(Boolean)
              .join(' · ')}
          </span>
          <span>{formatDate(consultation.date, locale)}</span>
          <Standing consultation={consultation} />
        </p>
      </div>
      <Actions consultation={consultation} isMine={isMine} drafting={drafting} />
    </div>
  );
}

/** How far it is, and with whom. */
function Standing({ consultation: { status, physicianName } }: { consultation: Consultation }) {
  const t = useText('consultations');
  return (
    <span className="text-text">
      <ConsultationStatusMark status={status} />
      {physicianName !== null && <span className="text-dim"> · {physicianName}</span>}
      {physicianName === null && status === 'WAITING' && <span className="text-dim"> · {t('anybody')}</span>}
      {physicianName === null && status === 'IN_PROGRESS' && <span className="text-dim"> · {t('nobody')}</span>}
    </span>
  );
}

const takeOverText = ({ physicianId, physicianName }: Consultation, t: Text<'consultations'>): string =>
  physicianId === null ? t('takeOverNobody') : t('takeOver', { name: physicianName ?? t('someone') });

function Download(of: Pick<Parameters<typeof FhirDownload>[0], 'id' | 'recordNumber'>) {
  // Always in words: it is rarely wanted, and an icon would have to be guessed.
  return (
    <InWords value={true}>
      <span className="max-sm:flex max-sm:w-full max-sm:justify-center">
        <FhirDownload of="fhirEncounterEverything" {...of} />
      </span>
    </InWords>
  );
}

function Actions({ consultation, isMine, drafting }: HeadProps) {
  const [t, common] = [useText('consultations'), useText('common')];
  const can = useCan();
  const { id, status, physicianId, patient, undo: back } = consultation;
  const { isBusy, to } = useMoves(id);
  // What is typed is kept before it ends: nothing is written to it after that.
  const end = async (how: 'DONE' | 'CANCELLED') => (await drafting.keeper.keepAll()) && to(how);
  const conducts = can('consultations.conduct');
  return (
    <div className="flex flex-wrap items-center gap-2 max-sm:w-full max-sm:*:flex-1">
      {status === 'WAITING' && conducts && (
        <Button kind="primary" isPending={isBusy} onPress={() => void to('IN_PROGRESS')}>
          {t('take')}
        </Button>
      )}
      {isMine && (
        <Button kind="primary" isPending={isBusy} onPress={() => void end('DONE')}>
          {t('finish')}
        </Button>
      )}
      {status === 'IN_PROGRESS' && !isMine && conducts && (
        <Button isPending={isBusy} onPress={() => void to('IN_PROGRESS', physicianId ?? undefined)}>
          {takeOverText(consultation, t)}
        </Button>
      )}
      {(isMine || (status === 'WAITING' && can('consultations.register'))) && (
        <Button kind="quiet" isDisabled={isBusy} onPress={() => void end('CANCELLED')}>
          {t('cancelIt')}
        </Button>
      )}
      <Download id={id} recordNumber={patient.recordNumber} />
      {back !== null && (status === 'DONE' || status === 'CANCELLED') && (
        <Button isDisabled={isBusy} onPress={() => void undo(consultation)}>
          {common('undo')}
        </Button>
      )}
    </div>
  );
}

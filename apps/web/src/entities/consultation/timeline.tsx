import type { ConsultationLine, Patient, PatientExport, Study } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Download, ScanLine, Send, Stethoscope } from 'lucide-react';
import type { ReactNode } from 'react';
import { errorText } from '../../api/error.ts';
import { useCan } from '../../api/me.ts';
import { formatDate, today } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { textOfFile } from '../../i18n/text-of-file.ts';
import { Empty, LoadError, Skeleton } from '../../ui/bits.tsx';
import { buttonClass } from '../../ui/button.tsx';
import { patientExportsQuery, patientStudiesQuery } from '../patient/queries.ts';
import { placeOf } from '../study/place.ts';
import { PredictionLine } from './prediction-line.tsx';
import { consultationsOfPatientQuery } from './queries.ts';
import { ConsultationStatusMark } from './status.tsx';
import { Trends } from './trend.tsx';
import { UnusualSigns } from './unusual.tsx';

type Event = { readonly date: string } & (
  | { readonly kind: 'consultation'; readonly line: ConsultationLine }
  | { readonly kind: 'study'; readonly study: Study }
  | { readonly kind: 'export'; readonly export: PatientExport }
);

/** The newest first; of one day the consultation before the film that was ordered in it, read from below. */
const courseOf = (lines: readonly ConsultationLine[], studies: readonly Study[], exports: readonly PatientExport[]): Event[] =>
  [
    ...exports.map((one): Event => ({ kind: 'export', date: today(new Date(one.at)), export: one })),
    ...studies.map((study): Event => ({ kind: 'study', date: study.studyDate ?? study.receivedAt.slice(0, 10), study })),
    ...lines.map((line): Event => ({ kind: 'consultation', date: line.date, line })),
  ].sort((a, b) => b.date.localeCompare(a.date));

/** A patient's consultations and studies in one line of time, each film with what the model says of it, and fever and weight above. */
export function PatientCourse({ patient }: { patient: Patient }) {
  const t = useText('consultations');
  const can = useCan();
  if (!can('consultations.read')) return null;
  return (
    <section className="ng-card p-5" aria-label={t('course')}>
      <div className="mb-3 flex flex-wrap items-center justify-between gap-2">
        <h2 className="font-semibold">{t('course')}</h2>
        {can('consultations.register') && (
          <Link
            to="/app/consultations"
            search={{ register: true, patient: patient.id }}
            className={buttonClass('plain', 'small')}
          >
            {t('registerHere')}
          </Link>
        )}
      </div>
      <Course patient={patient} />
    </section>
  );
}

function Course({ patient }: { patient: Patient }) {
  const t = useText('consultations');
  const locale = useLocale();
  const lines = useQuery(consultationsOfPatientQuery(patient.id));
  const studies = useQuery(patientStudiesQuery(patient.id));
  const can = useCan();
  const exports = useQuery({ ...patientExportsQuery(patient.id), enabled: can('audit.own-patients') });
  if (lines.data === undefined && lines.error !== null)
    return <LoadError message={errorText(lines.error, locale)} onRetry={() => void lines.refetch()} />;
  if (lines.data === undefined || studies.data === undefined) return <Skeleton width="100%" height={120} />;
  const events = courseOf(lines.data.items, studies.data.items, exports.data?.items ?? []);
  if (events.length === 0) return <Empty title={t('courseEmpty')}>{t('courseEmptyText')}</Empty>;
  return (
    <div className="flex flex-col gap-4">
      <Trends lines={lines.data.items} />
      <ol className="flex flex-col">
        {events.map((event) => (
          <EventLine key={keyOf(event)} event={event} />
        ))}
      </ol>
    </div>
  );
}

const keyOf = (event: Event): string =>
  event.kind === 'study' ? event.study.id : event.kind === 'export' ? event.export.id : event.line.id;

function EventLine({ event }: { event: Event }) {
  if (event.kind === 'study') return <StudyEvent study={event.study} date={event.date} />;
  if (event.kind === 'export') return <ExportEvent export={event.export} date={event.date} />;
  return <ConsultationEvent line={event.line} />;
}

function Moment({ date, icon, children }: { date: string; icon: ReactNode; children: ReactNode }) {
  const locale = useLocale();
  return (
    <li className="flex gap-3 border-l border-line-strong/60 pb-3 pl-3">
      <span
        className="-ml-[22px] mt-2.5 flex size-5 shrink-0 items-center justify-center rounded-full border border-line bg-surface text-dim"
        aria-hidden="true"
      >
        {icon}
      </span>
      <div className="min-w-0 flex-1">
        <p className="tabular text-[12px] text-dim">{formatDate(date, locale)}</p>
        {children}
      </div>
    </li>
  );
}

function ConsultationEvent({ line }: { line: ConsultationLine }) {
  const t = useText('consultations');
  return (
    <Moment date={line.date} icon={<Stethoscope size={12} />}>
      <Link
        to="/app/consultations/$id"
        params={{ id: line.id }}
        className="flex min-h-9 flex-wrap items-center gap-x-3 rounded coarse:min-h-11"
      >
        <span className="min-w-0 font-medium break-words">{line.reason || t('consultation')}</span>
        <span className="text-[13px]">
          <ConsultationStatusMark status={line.status} />
        </span>
      </Link>
      <p className="flex flex-wrap items-center gap-1.5 text-[13px] text-dim">
        {line.physicianName}
        <UnusualSigns line={line} />
      </p>
    </Moment>
  );
}

const LEFT_AS = {
  EXPORTED: 'exported',
  HANDED_OVER: 'exported',
  SENT: 'sent',
  FILES: 'filesTaken',
  DOCUMENT: 'documentTaken',
  FHIR: 'fhirTaken',
} as const;

function ExportEvent({ export: { kind, by, studies, recipient }, date }: { export: PatientExport; date: string }) {
  const t = useText('consultations');
  const count = studies === 0 ? null : t('exportedStudies', { count: studies });
  const to = kind === 'HANDED_OVER' ? 'handedOver' : 'sentTo';
  return (
    <Moment date={date} icon={kind === 'SENT' ? <Send size={12} /> : <Download size={12} />}>
      <p className="font-medium break-words">{recipient === null ? t(LEFT_AS[kind]) : t(to, { recipient })}</p>
      <p className="text-[13px] text-dim">{[count, by].filter(Boolean).join(' · ')}</p>
    </Moment>
  );
}

function StudyEvent({ study, date }: { study: Study; date: string }) {
  const t = useText('consultations');
  const name = textOfFile(study.description);
  return (
    <Moment date={date} icon={<ScanLine size={12} />}>
      <Link
        to="/app/studies/$studyInstanceUid"
        params={{ studyInstanceUid: study.studyInstanceUid }}
        search={placeOf(study)}
        className="flex min-h-9 flex-wrap items-center gap-x-3 rounded coarse:min-h-11"
      >
        <span className="min-w-0 font-medium break-words">{name === '' ? t('study') : t('studyNamed', { name })}</span>
        <span className="text-[13px] text-dim">{textOfFile(study.modalities.join(', '))}</span>
      </Link>
      {study.modalities.some((modality) => ['SR', 'DOC'].includes(modality)) && <p className="text-[13px]">{t('withReport')}</p>}
      {study.modalities.some((modality) => ['CR', 'DX', 'SC', 'RG'].includes(modality)) && <PredictionLine studyId={study.id} />}
    </Moment>
  );
}

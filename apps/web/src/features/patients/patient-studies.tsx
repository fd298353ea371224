import type { Patient, Study } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { errorText } from '../../api/error.ts';
import { useCan } from '../../api/me.ts';
import { HeldMark } from '../../entities/hold/held-mark.tsx';
import { patientStudiesQuery } from '../../entities/patient/queries.ts';
import { UncertainMark } from '../../entities/patient/uncertain-text.tsx';
import { LabelChips } from '../../entities/study/labels.tsx';
import { MismatchMark } from '../../entities/study/mismatch-mark.tsx';
import { placeOf } from '../../entities/study/place.ts';
import { hoverStudy } from '../../entities/study/prefetch.ts';
import { StudyMenu } from '../../entities/study/study-menu.tsx';
import { PriorMark, UrgencyIcon } from '../../entities/study/urgency.tsx';
import { formatDate, formatTime } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { textOfFile } from '../../i18n/text-of-file.ts';
import { Empty, LoadError, Modalities, Skeleton } from '../../ui/bits.tsx';
import { buttonClass } from '../../ui/button.tsx';
import { Status } from '../../ui/status.tsx';
import { CompareBox, CompareTwo, type Comparing, useComparing } from './compare-two.tsx';
import { StudyPicture } from './study-picture.tsx';

/** The patient's studies, the newest first, each one click away from the viewer. */
export function PatientStudies({ patient, compact = false }: { patient: Patient; compact?: boolean }) {
  const locale = useLocale();
  const can = useCan();
  const comparing = useComparing();
  const { data, error, refetch } = useQuery({ ...patientStudiesQuery(patient.id), enabled: can('studies.read') });
  if (error !== null && data === undefined)
    return <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />;
  if (data === undefined) {
    return (
      <div className="flex flex-col gap-2">
        {Array.from({ length: Math.min(4, Math.max(1, patient.studyCount)) }, (_, index) => (
          <Skeleton key={`s${index.toString()}`} width="100%" height={58} />
        ))}
      </div>
    );
  }
  if (data.items.length === 0) return <NoStudies patient={patient} />;
  const studies = [...data.items].sort(byNewest);
  const isCompared = !compact && studies.length > 1;
  return (
    <>
      {isCompared && <CompareTwo studies={studies} comparing={comparing} />}
      <ul className="flex flex-col gap-2">
        {studies.map((study) => (
          <StudyRow key={study.id} study={study} compact={compact} comparing={isCompared ? comparing : undefined} />
        ))}
      </ul>
    </>
  );
}

function NoStudies({ patient }: { patient: Patient }) {
  const t = useText('patients');
  const can = useCan();
  return (
    <Empty
      title={t('noStudies')}
      action={
        can('imports.create') && (
          <Link to="/app/import" search={{ patientId: patient.id }} className={buttonClass()}>
            {t('importFor')}
          </Link>
        )
      }
    >
      {t('noStudiesText')}
    </Empty>
  );
}

/** The server orders by date alone; of one day the latest comes first. */
const byNewest = (a: Study, b: Study): number => whenOf(b).localeCompare(whenOf(a));
const whenOf = ({ studyDate, studyTime }: Study): string => `${studyDate ?? ''} ${studyTime ?? ''}`;

interface RowProps {
  readonly study: Study;
  readonly compact: boolean;
  /** Undefined where nothing is compared. */
  readonly comparing: Comparing | undefined;
}
function StudyRow({ study, compact, comparing }: RowProps) {
  return (
    <li
      className="flex items-center gap-3 rounded-lg border border-line bg-bg/40 px-3 py-2 transition-colors hover:border-line-strong"
      onMouseEnter={() => hoverStudy(study)}
    >
      {comparing !== undefined && <CompareBox study={study} comparing={comparing} />}
      {!compact && <StudyPicture study={study} />}
      <span className={compact ? undefined : 'max-sm:hidden'}>
        <Modalities list={study.modalities.slice(0, compact ? 1 : 4)} />
      </span>
      <StudyLink study={study} />
      <LabelChips labels={study.labels} isShort={compact} />
      <PriorMark study={study} isSmall />
      {!compact && (
        <span className="hidden text-[13px] sm:block">
          <Status status={study.status} />
        </span>
      )}
      {!compact && <StudyMenu study={study} />}
    </li>
  );
}

function StudyLink({ study }: { readonly study: Study }) {
  const t = useText('patients');
  const locale = useLocale();
  return (
    <Link
      to="/app/studies/$studyInstanceUid"
      params={{ studyInstanceUid: study.studyInstanceUid }}
      search={placeOf(study)}
      className="min-w-0 flex-1 rounded"
      title={t('openViewer')}
    >
      <span className="block truncate font-medium">
        <HeldMark study={study} />
        <MismatchMark study={study} />
        <UncertainMark isUncertain={study.textUncertain} />
        <UrgencyIcon urgency={study.urgency} />
        {textOfFile(study.description) || t('noDescription')}
      </span>
      <span className="tabular block truncate text-[13px] text-dim">
        {[formatDate(study.studyDate, locale), formatTime(study.studyTime)].filter(Boolean).join(' ')}
        {' · '}
        {t('series', { count: study.seriesCount })} · {t('instances', { count: study.instanceCount })}
      </span>
    </Link>
  );
}

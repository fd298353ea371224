import type { Study } from '@negatoscope/contract';
import { useMemo } from 'react';
import { formatDate, formatInstant, formatName, formatNumber, formatTime } from '../../i18n/format.ts';
import { type Locale, type Text, useAge, useLocale, useText } from '../../i18n/index.ts';
import { textOfFile } from '../../i18n/text-of-file.ts';
import { Modalities } from '../../ui/bits.tsx';
import type { Column } from '../../ui/column.ts';
import { HeldMark } from '../hold/held-mark.tsx';
import { UncertainMark } from '../patient/uncertain-text.tsx';
import { LabelChips } from './labels.tsx';
import { MismatchMark } from './mismatch-mark.tsx';
import { StatusMenu } from './study-menu.tsx';
import { PriorMark, UrgencyIcon, UrgencyMark } from './urgency.tsx';
import { WorkMenu } from './work-menu.tsx';

interface Words {
  readonly t: Text<'worklist'>;
  readonly locale: Locale;
  readonly age: ReturnType<typeof useAge>;
}

function StudyPatient({ study }: { study: Study }) {
  const common = useText('common');
  return (
    <span className="font-medium" title={formatName(study.patient)}>
      <HeldMark study={study} />
      <MismatchMark study={study} />
      <UncertainMark isUncertain={study.patient.textUncertain} />
      <UrgencyIcon urgency={study.urgency} />
      {formatName(study.patient) || common('noName')}
    </span>
  );
}

function SeriesAndImages({ study }: { study: Study }) {
  const locale = useLocale();
  return (
    <>
      {formatNumber(study.seriesCount, locale)} <span className="text-dim">/ {formatNumber(study.instanceCount, locale)}</span>
    </>
  );
}

/** When and of whom. */
const whoseColumns = ({ t, locale, age }: Words): Column<Study>[] => [
  {
    id: 'date',
    header: t('dateTime'),
    track: 'minmax(126px, 136px)',
    sort: 'studyDate',
    cell: (study) => (
      <>
        {formatDate(study.studyDate, locale)} <span className="text-dim">{formatTime(study.studyTime)}</span>
      </>
    ),
  },
  {
    id: 'patient',
    header: t('patient'),
    track: 'minmax(130px, 2.2fr)',
    sort: 'patientName',
    cell: (study) => <StudyPatient study={study} />,
  },
  {
    id: 'age',
    header: t('age'),
    track: '60px',
    from: 720,
    cell: (study) => <span className="text-dim">{age(study.patient.birthDate, study.studyDate)}</span>,
  },
];

/** What it holds. */
const contentColumns = ({ t }: Words): Column<Study>[] => [
  {
    id: 'modality',
    header: t('modality'),
    track: 'minmax(72px, 96px)',
    cell: (study) => <Modalities list={study.modalities} max={2} />,
  },
  {
    id: 'description',
    header: t('description'),
    track: 'minmax(90px, 1.8fr)',
    from: 600,
    cell: (study) => <Described study={study} />,
  },
  {
    id: 'accession',
    header: t('accession'),
    track: '100px',
    from: 1180,
    cell: (study) => <span className="text-dim">{textOfFile(study.accessionNumber)}</span>,
  },
  {
    id: 'content',
    header: t('content'),
    track: '92px',
    from: 880,
    end: true,
    cell: (study) => <SeriesAndImages study={study} />,
  },
];

/** Who reads it, and how far that is. */
const readingColumns = ({ t }: Words): Column<Study>[] => [
  {
    id: 'assignee',
    header: t('assignee'),
    track: 'minmax(84px, 0.6fr)',
    from: 980,
    cell: (study) => <WorkMenu study={study} />,
  },
  {
    id: 'status',
    header: t('status'),
    track: 'minmax(104px, 0.7fr)',
    cell: (study) => (
      <span className="@container flex w-full min-w-0 items-center gap-2">
        <StatusMenu study={study} />
        <PriorMark study={study} isSmall />
      </span>
    ),
  },
];

/** What is there for who wants it: not shown at first. */
const furtherColumns = ({ t, locale }: Words): Column<Study>[] => [
  { id: 'urgency', header: t('urgency'), track: '104px', cell: (study) => <UrgencyMark urgency={study.urgency} /> },
  { id: 'labels', header: t('labels'), track: 'minmax(90px, 1fr)', cell: (study) => <LabelChips labels={study.labels} /> },
  {
    id: 'received',
    header: t('receivedAt'),
    track: '136px',
    sort: 'receivedAt',
    cell: (study) => <span className="text-dim">{formatInstant(study.receivedAt, locale)}</span>,
  },
];

/** All columns there are, in the order in which they stand at first, and which of them show then. */
export function useAllStudyColumns(): { readonly all: readonly Column<Study>[]; readonly first: readonly string[] } {
  const first = useStudyColumns();
  const t = useText('worklist');
  const locale = useLocale();
  const age = useAge();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the texts change with the language only.
  return useMemo(
    () => ({ all: [...first, ...furtherColumns({ t, locale, age })], first: first.map(({ id }) => id) }),
    [first, locale],
  );
}

export function useStudyColumns(): readonly Column<Study>[] {
  const t = useText('worklist');
  const locale = useLocale();
  const age = useAge();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the texts change with the language only.
  return useMemo(() => {
    const words = { t, locale, age };
    return [...whoseColumns(words), ...contentColumns(words), ...readingColumns(words)];
  }, [locale]);
}

function Described({ study }: { study: Study }) {
  const description = textOfFile(study.description);
  return (
    <span className="@container flex w-full min-w-0 items-center gap-2" title={description || undefined}>
      <LabelChips labels={study.labels} isShort />
      <span className="truncate">
        <UncertainMark isUncertain={study.textUncertain} />
        {description}
      </span>
    </span>
  );
}

export function StudyCard({ study }: { study: Study }) {
  const common = useText('common');
  const locale = useLocale();
  const age = useAge();
  return (
    <div className="flex min-w-0 flex-col">
      {/* As high as a line, whatever fingers need of the buttons on it. */}
      <div className="flex h-7 items-center justify-between gap-3">
        <span className="truncate font-medium">
          <MismatchMark study={study} />
          <UncertainMark isUncertain={study.patient.textUncertain || study.textUncertain} />
          <UrgencyIcon urgency={study.urgency} />
          {formatName(study.patient) || common('noName')}
        </span>
        <span className="flex max-w-[60%] shrink-0 items-center gap-2 text-[13px]">
          <WorkMenu study={study} isSmall />
          <StatusMenu study={study} />
        </span>
      </div>
      <div className="tabular flex items-center gap-2 text-[13px] text-dim">
        <Modalities list={study.modalities} max={2} />
        <LabelChips labels={study.labels} isShort />
        <PriorMark study={study} isSmall />
        <span className="min-w-0 flex-1 truncate">
          {textOfFile(study.description) || age(study.patient.birthDate, study.studyDate)}
        </span>
        <span className="shrink-0">{formatDate(study.studyDate, locale)}</span>
      </div>
    </div>
  );
}

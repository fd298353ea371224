import type { Patient } from '@negatoscope/contract';
import { useMemo } from 'react';
import { formatDate, formatName } from '../../i18n/format.ts';
import { type Locale, type Text, useAge, useLocale, useText } from '../../i18n/index.ts';
import { textOfFile } from '../../i18n/text-of-file.ts';
import { Modalities } from '../../ui/bits.tsx';
import type { Column } from '../../ui/column.ts';
import { Status } from '../../ui/status.tsx';
import { UncertainMark } from './uncertain-text.tsx';

interface Words {
  readonly t: Text<'patients'>;
  readonly common: Text<'common'>;
  readonly locale: Locale;
  readonly age: ReturnType<typeof useAge>;
}

function PatientName({ patient }: { patient: Patient }) {
  const t = useText('patients');
  const common = useText('common');
  return (
    <span className="font-medium" title={formatName(patient)}>
      <UncertainMark isUncertain={patient.textUncertain} />
      {formatName(patient) || common('noName')}
      {patient.identityStatus === 'IDENTITY_REVIEW' && (
        <span className="ml-2 font-bold text-amber" role="img" aria-label={t('reviewNotice')} title={t('reviewNotice')}>
          !
        </span>
      )}
    </span>
  );
}

const personColumns = ({ t, common, locale, age }: Words): Column<Patient>[] => [
  {
    id: 'name',
    header: t('name'),
    track: 'minmax(190px, 2.2fr)',
    sort: 'name',
    cell: (patient) => <PatientName patient={patient} />,
  },
  {
    id: 'birthDate',
    header: t('birthDate'),
    track: '96px',
    sort: 'birthDate',
    from: 560,
    cell: (patient) => formatDate(patient.birthDate, locale),
  },
  {
    id: 'age',
    header: t('age'),
    track: '64px',
    from: 560,
    cell: (patient) => <span className="text-dim">{age(patient.birthDate)}</span>,
  },
  {
    id: 'sex',
    header: t('sex'),
    track: '40px',
    from: 640,
    cell: (patient) => <span title={common(`sex${patient.sex}`)}>{common(`sexShort${patient.sex}`)}</span>,
  },
];

const numberColumns = ({ t }: Words): Column<Patient>[] => [
  {
    id: 'record',
    header: t('recordNumber'),
    track: 'minmax(136px, 0.6fr)',
    sort: 'recordNumber',
    from: 900,
    cell: (patient) => patient.recordNumber,
  },
  {
    id: 'external',
    header: t('externalId'),
    track: 'minmax(90px, 1fr)',
    from: 1160,
    cell: (patient) => <span className="text-dim">{textOfFile(patient.externalId)}</span>,
  },
];

const studyColumns = ({ t, locale }: Words): Column<Patient>[] => [
  {
    id: 'modalities',
    header: t('modalities'),
    track: 'minmax(104px, 0.5fr)',
    from: 700,
    cell: (patient) => <Modalities list={patient.modalities} max={2} />,
  },
  { id: 'studies', header: t('studies'), track: '60px', from: 980, end: true, cell: (patient) => patient.studyCount },
  {
    id: 'last',
    header: t('lastStudy'),
    track: '104px',
    sort: 'lastStudyAt',
    from: 660,
    cell: (patient) => formatDate(patient.lastStudyAt, locale),
  },
  { id: 'status', header: t('status'), track: '96px', cell: (patient) => <Status status={patient.status} /> },
];

export function usePatientColumns(): readonly Column<Patient>[] {
  const t = useText('patients');
  const common = useText('common');
  const locale = useLocale();
  const age = useAge();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the texts change with the language only.
  return useMemo(() => {
    const words = { t, common, locale, age };
    return [...personColumns(words), ...numberColumns(words), ...studyColumns(words)];
  }, [locale]);
}

export function PatientCard({ patient }: { patient: Patient }) {
  const t = useText('patients');
  const common = useText('common');
  const locale = useLocale();
  const age = useAge();
  return (
    <div className="flex min-w-0 flex-col gap-0.5">
      <div className="flex items-baseline justify-between gap-3">
        <span className="truncate font-medium">
          <UncertainMark isUncertain={patient.textUncertain} />
          {formatName(patient) || common('noName')}
        </span>
        <span className="text-[13px]">
          <Status status={patient.status} />
        </span>
      </div>
      <div className="tabular flex items-center justify-between gap-3 text-[13px] text-dim">
        <span className="truncate">
          {[formatDate(patient.birthDate, locale), age(patient.birthDate)].filter(Boolean).join(' · ') || patient.recordNumber}
        </span>
        <span className="flex items-center gap-2">
          <Modalities list={patient.modalities} max={2} /> {t('studyCount', { count: patient.studyCount })}
        </span>
      </div>
    </div>
  );
}

import type { Study } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { placeOf } from '../../entities/study/place.ts';
import { hoverStudy } from '../../entities/study/prefetch.ts';
import { formatDate, formatName, formatTime } from '../../i18n/format.ts';
import { useAge, useLocale, useText } from '../../i18n/index.ts';
import { textOfFile } from '../../i18n/text-of-file.ts';
import { Empty, LoadError, Modalities, Skeleton } from '../../ui/bits.tsx';

const SHOWN = 8;
/** Modality, name, age, description, date: the same place in every row, whatever is missing. */
const TRACKS =
  'grid-cols-[44px_minmax(0,1fr)_auto] @min-[440px]:grid-cols-[44px_minmax(0,1fr)_52px_138px] @min-[600px]:grid-cols-[44px_minmax(0,1.1fr)_52px_minmax(0,1fr)_138px]';

/** The studies to read, the oldest received first: the next one is one click away. */
export function NextStudies() {
  const t = useText('dashboard');
  const locale = useLocale();
  const { data, error, refetch } = useQuery({
    queryKey: ['studies', 'next'],
    queryFn: ({ signal }) => call('listStudies', { query: { status: 'TO_READ', sort: 'receivedAt', limit: SHOWN }, signal }),
  });
  return (
    <section className="@container ng-card overflow-hidden">
      <div className="flex items-center justify-between px-4 pt-3.5 pb-2">
        <h2 className="font-semibold">{t('nextToRead')}</h2>
        <Link to="/app/worklist" search={{}} className="rounded text-[13px] text-accent hover:underline">
          {t('allStudies')}
        </Link>
      </div>
      {data === undefined && error !== null && <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Loading />}
      {data?.items.length === 0 && <Empty title={t('allRead')}>{t('allReadText')}</Empty>}
      <ul>
        {data?.items.map((study) => (
          <li key={study.id} className="border-t border-line/70">
            <NextStudy study={study} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Loading() {
  return (
    <div className="px-4 pb-3">
      {Array.from({ length: 6 }, (_, index) => (
        <div key={`n${index.toString()}`} className="flex h-11 items-center border-t border-line/70">
          <Skeleton width={`${60 + ((index * 13) % 35)}%`} />
        </div>
      ))}
    </div>
  );
}

function NextStudy({ study }: { study: Study }) {
  const common = useText('common');
  const locale = useLocale();
  const age = useAge();
  return (
    <Link
      to="/app/studies/$studyInstanceUid"
      params={{ studyInstanceUid: study.studyInstanceUid }}
      search={placeOf(study)}
      onMouseEnter={() => hoverStudy(study)}
      className={`tabular grid h-11 items-center gap-3 px-4 outline-offset-[-2px] hover:bg-surface-2/70 ${TRACKS}`}
    >
      <span className="truncate">
        <Modalities list={study.modalities.slice(0, 1)} />
      </span>
      <span className="truncate font-medium">{formatName(study.patient) || common('noName')}</span>
      <span className="hidden truncate text-[13px] text-dim @min-[440px]:block">
        {age(study.patient.birthDate, study.studyDate)}
      </span>
      <span className="hidden truncate text-dim @min-[600px]:block">{textOfFile(study.description)}</span>
      <span className="text-right text-[13px] whitespace-nowrap text-dim">
        {formatDate(study.studyDate, locale)} {formatTime(study.studyTime)}
      </span>
    </Link>
  );
}

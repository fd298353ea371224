import type { JobCare as Care } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { formatInstant, formatNumber } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { LoadError, Skeleton } from '../../ui/bits.tsx';

type Job = Care['items'][number];

/** What the server does by itself: how often, how long, and what failed. */
export function JobCare() {
  const t = useText('admin');
  const locale = useLocale();
  const { data, error, refetch } = useQuery({
    queryKey: ['job-care'],
    queryFn: ({ signal }) => call('jobCare', { signal }),
    refetchInterval: 30_000,
  });
  return (
    <section className="mt-5" aria-labelledby="jobs-title">
      <h2 id="jobs-title" className="px-5 font-semibold">
        {t('jobsTitle')}
      </h2>
      {data === undefined && error !== null ? (
        <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />
      ) : (
        <ul className="ng-card mt-2 px-5 py-2">
          {data === undefined ? (
            <li className="flex min-h-11 items-center">
              <Skeleton width={200} />
            </li>
          ) : (
            data.items.map((job) => <JobLine key={job.name} job={job} />)
          )}
        </ul>
      )}
    </section>
  );
}

function JobLine({ job }: { job: Job }) {
  const t = useText('admin');
  const locale = useLocale();
  const { name, runs, failures, waiting, running, lastRunAt, lastFailedAt, lastFailure } = job;
  const facts = [
    runs === 0 || lastRunAt === null
      ? t('jobNever')
      : t('jobRuns', {
          count: runs,
          mean: duration(job.totalMs / runs, locale),
          longest: duration(job.longestMs, locale),
          at: formatInstant(lastRunAt, locale),
        }),
    ...(running > 0 ? [t('jobRunning')] : []),
    ...(waiting > 0 ? [t('jobWaiting', { jobs: formatNumber(waiting, locale) })] : []),
  ];
  return (
    <li className="tabular border-b border-line/70 py-2 last:border-0">
      <p>{t(`job_${name}`)}</p>
      <p className="text-dim">{facts.join(' · ')}</p>
      {failures > 0 && lastFailedAt !== null && (
        <p className="text-danger">
          <span aria-hidden="true" className="mr-2 font-bold">
            !
          </span>
          {t('jobFailures', {
            failures: formatNumber(failures, locale),
            at: formatInstant(lastFailedAt, locale),
            why: lastFailure ?? '',
          })}
        </p>
      )}
    </li>
  );
}

/** In the unit that a person would choose. */
function duration(ms: number, locale: 'fr' | 'en'): string {
  const [value, unit] =
    ms < 1_000 ? [Math.round(ms), 'ms'] : ms < 120_000 ? [Math.round(ms / 100) / 10, 's'] : [Math.round(ms / 60_000), 'min'];
  return `${formatNumber(value, locale)} ${unit}`;
}

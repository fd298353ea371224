import type { FileOutcome, ImportedFile, ImportReport } from '@negatoscope/contract';
import { FILE_REASONS } from '@negatoscope/contract/file-reasons';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { call } from '../../api/client.ts';
import { ApiError, errorText } from '../../api/error.ts';
import { useCan, useMe } from '../../api/me.ts';
import { formatBytes, formatNumber } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { textIn } from '../../i18n/typography.ts';
import { LoadError, Notice, Skeleton } from '../../ui/bits.tsx';
import type { Column } from '../../ui/column.ts';
import { DataList } from '../../ui/data-list.tsx';
import { Segments } from '../../ui/field.tsx';
import { NotFound } from '../../ui/not-found.tsx';
import { Made } from './made.tsx';
import { NeedsPerson } from './needs-person.tsx';
import { OutcomeMark } from './outcome.tsx';

export const reportQuery = (id: string) => ({
  queryKey: ['imports', id],
  queryFn: ({ signal }: { signal: AbortSignal }) => call('getImport', { params: { id }, query: { files: true }, signal }),
});

export function ReportLoader({ id }: { id: string }) {
  const locale = useLocale();
  const { data, error, refetch } = useQuery({
    ...reportQuery(id),
    refetchInterval: ({ state }) => (state.data?.status === 'RUNNING' ? 1500 : false),
  });
  if (data !== undefined) return <Report report={data} />;
  if (error instanceof ApiError && error.status === 404) return <NotFound />;
  if (error !== null) return <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />;
  return <Skeleton width="100%" height={260} />;
}

export function Report({ report }: { report: ImportReport }) {
  const t = useText('imports');
  const isUnchanged = report.stored === 0 && report.duplicates > 0 && report.conflicts === 0 && report.rejected === 0;
  const can = useCan();
  // Who sees pseudonyms imports into a partition of their own (docs/decisions/0016-pseudonyms.md).
  const isApart = useMe() !== undefined && !can('patients.identity') && report.studies.length > 0;
  return (
    <div className="ng-enter flex flex-col gap-5">
      {isUnchanged && <Notice tone="ok">{t('allDuplicates')}</Notice>}
      {isApart && <Notice>{t('keptApart')}</Notice>}
      <NeedsPerson report={report} />
      <Made report={report} />
      <Files report={report} />
    </div>
  );
}

type Filter = 'all' | FileOutcome;
function useFileColumns(): readonly Column<ImportedFile>[] {
  const t = useText('imports');
  const locale = useLocale();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the texts change with the language only.
  return useMemo(
    (): Column<ImportedFile>[] => [
      {
        id: 'name',
        header: t('file'),
        track: 'minmax(140px, 1.4fr)',
        cell: (file) => <span title={file.name}>{file.name}</span>,
      },
      { id: 'outcome', header: t('outcome'), track: '112px', cell: (file) => <OutcomeMark state={file.outcome} /> },
      {
        id: 'reason',
        header: t('reason'),
        track: 'minmax(170px, 1.6fr)',
        from: 520,
        cell: (file) => (
          <span className="text-dim">
            {file.reason !== undefined && file.reason !== 'SAME_CONTENT' ? textIn(FILE_REASONS[file.reason], locale) : ''}
          </span>
        ),
      },
      {
        id: 'size',
        header: t('size'),
        track: '80px',
        from: 700,
        end: true,
        cell: (file) => <span className="text-dim">{formatBytes(file.sizeBytes, locale)}</span>,
      },
    ],
    [locale],
  );
}

const FILTERS = {
  all: 'allFiles',
  stored: 'countStored',
  duplicate: 'countDuplicate',
  conflict: 'countConflict',
  rejected: 'countRejected',
  ignored: 'countIgnored',
} as const satisfies Record<Filter, string>;
const ORDER = ['all', 'stored', 'duplicate', 'conflict', 'rejected', 'ignored'] as const satisfies readonly Filter[];

const countsOf = (report: ImportReport): Record<Filter, number> => ({
  all: report.received,
  stored: report.stored,
  duplicate: report.duplicates,
  conflict: report.conflicts,
  rejected: report.rejected,
  ignored: report.ignored,
});

/** The files by outcome; accompanying files fold into one line until one asks for them. */
function Files({ report }: { report: ImportReport }) {
  const t = useText('imports');
  const locale = useLocale();
  const [filter, setFilter] = useState<Filter>('all');
  const columns = useFileColumns();
  const counts = countsOf(report);
  const rows = useMemo(
    () => report.files.filter((file) => (filter === 'all' ? file.outcome !== 'ignored' : file.outcome === filter)),
    [report.files, filter],
  );
  const filters = ORDER.filter((key) => key === 'all' || counts[key] > 0);
  return (
    <section className="ng-card flex max-h-[62dvh] min-h-64 flex-col overflow-hidden" aria-label={t('files')}>
      <div className="shrink-0 overflow-x-auto p-3">
        <Segments
          label={t('outcome')}
          value={filter}
          onChange={(value) => setFilter(filters.find((key) => key === value) ?? 'all')}
          choices={filters.map((value) => ({ value, label: `${t(FILTERS[value])} ${formatNumber(counts[value], locale)}` }))}
        />
      </div>
      <DataList
        label={t('files')}
        columns={columns}
        rows={rows}
        rowId={(file) => `${file.name}|${file.sopInstanceUid ?? ''}|${file.outcome}`}
        empty={<p className="p-6 text-center text-dim">{t('noFiles')}</p>}
      />
      {filter === 'all' && report.ignored > 0 && <IgnoredLine count={report.ignored} onPress={() => setFilter('ignored')} />}
    </section>
  );
}

function IgnoredLine({ count, onPress }: { count: number; onPress: () => void }) {
  const t = useText('imports');
  return (
    <button
      type="button"
      onClick={onPress}
      className="border-t border-line px-4 py-2.5 text-left text-[13px] text-dim hover:text-text"
    >
      – {t('ignoredLine', { count })}
    </button>
  );
}

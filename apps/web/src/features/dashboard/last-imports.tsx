import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import type { Result } from '../../api/operation.ts';
import { ImportSummary } from '../../entities/import/import-summary.tsx';
import { formatInstant } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { LoadError, Skeleton } from '../../ui/bits.tsx';

export function LastImports() {
  const t = useText('dashboard');
  const imports = useText('imports');
  const locale = useLocale();
  const { data, error, refetch } = useQuery({
    queryKey: ['imports', 'last'],
    queryFn: ({ signal }) => call('listImports', { query: { limit: 5 }, signal }),
  });
  return (
    <section className="ng-card overflow-hidden">
      <div className="flex items-center justify-between px-4 pt-3.5 pb-2">
        <h2 className="font-semibold">{t('lastImports')}</h2>
        <Link to="/app/import" search={{}} className="rounded text-[13px] text-accent hover:underline">
          {imports('title')}
        </Link>
      </div>
      {data === undefined && error !== null && <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />}
      {data === undefined && error === null && (
        <div className="px-4 pb-4">
          <Skeleton width="100%" height={90} />
        </div>
      )}
      {data?.items.length === 0 && <p className="px-4 pb-4 text-dim">{t('noImports')}</p>}
      <ul>
        {data?.items.map((entry) => (
          <LastImport key={entry.id} entry={entry} />
        ))}
      </ul>
    </section>
  );
}

function LastImport({ entry }: { entry: Result<'listImports'>['items'][number] }) {
  const imports = useText('imports');
  const locale = useLocale();
  return (
    <li className="border-t border-line/70">
      <Link
        to="/app/imports/$id"
        params={{ id: entry.id }}
        className="tabular block px-4 py-2.5 outline-offset-[-2px] hover:bg-surface-2/70"
      >
        <span className="flex justify-between gap-3">
          <span>{formatInstant(entry.createdAt, locale)}</span>
          <span className="text-[13px] text-dim">{imports(`status${entry.status}`)}</span>
        </span>
        <ImportSummary counts={entry} className="block" />
      </Link>
    </li>
  );
}

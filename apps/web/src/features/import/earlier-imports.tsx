import { Link } from '@tanstack/react-router';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import type { Result } from '../../api/operation.ts';
import { useCursorList } from '../../api/use-cursor-list.ts';
import { ImportSummary } from '../../entities/import/import-summary.tsx';
import { formatBytes, formatInstant } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { LoadError, Skeleton } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';

export function EarlierImports() {
  const t = useText('imports');
  const shell = useText('shell');
  const locale = useLocale();
  const list = useCursorList(['imports', 'list'], (cursor, signal) =>
    call('listImports', { query: { limit: 20, cursor }, signal }),
  );
  return (
    <section className="mt-9">
      <h2 className="mb-2 font-semibold">{t('earlier')}</h2>
      {list.isLoading && <Skeleton width="100%" height={120} />}
      {list.error !== null && <LoadError message={errorText(list.error, locale)} onRetry={list.reload} />}
      {!list.isLoading && list.error === null && list.rows.length === 0 && <p className="text-dim">{t('earlierNone')}</p>}
      <ul className="ng-card empty:hidden">
        {list.rows.map((entry) => (
          <EarlierImport key={entry.id} entry={entry} />
        ))}
      </ul>
      {list.hasMore && (
        <div className="mt-3 text-center">
          <Button size="small" onPress={list.more} isPending={list.isLoadingMore}>
            {shell('more')}
          </Button>
        </div>
      )}
    </section>
  );
}

function EarlierImport({ entry }: { entry: Result<'listImports'>['items'][number] }) {
  const t = useText('imports');
  const locale = useLocale();
  return (
    <li className="border-b border-line/70 last:border-0">
      <Link
        to="/app/imports/$id"
        params={{ id: entry.id }}
        className="tabular flex min-h-11 flex-wrap items-center gap-x-5 gap-y-0.5 px-4 py-2 outline-offset-[-2px] hover:bg-surface-2/70"
      >
        <span className="w-36 shrink-0">{formatInstant(entry.createdAt, locale)}</span>
        <span className="w-20 shrink-0 text-[13px] text-dim">{t(`status${entry.status}`)}</span>
        <ImportSummary counts={entry} className="min-w-0 flex-1 basis-60" />
        <span className="hidden text-[13px] text-dim sm:block">{formatBytes(entry.bytes, locale)}</span>
      </Link>
    </li>
  );
}

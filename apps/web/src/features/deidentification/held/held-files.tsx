import type { DeidHeldFile, DeidHeldSeries } from '@negatoscope/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { errorText } from '../../../api/error.ts';
import { useLocale, useText } from '../../../i18n/index.ts';
import { LoadError, Notice, Skeleton } from '../../../ui/bits.tsx';
import { IconButton } from '../../../ui/button.tsx';
import { HeldFile } from './held-file.tsx';
import { heldFilesQuery } from './queries.ts';

/** The next one that waits, from a place on; the place itself where none does. */
function nextWaiting(files: readonly DeidHeldFile[], at: number): number {
  const next = files.findIndex(({ decision }, index) => index > at && decision === null);
  return next < 0 ? at : next;
}

/** The files of a series, one at a time. */
export function HeldFiles({ id, series }: { id: string; series: DeidHeldSeries }) {
  const t = useText('deid');
  const locale = useLocale();
  const { data, error, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery(heldFilesQuery(id, series.id));
  const [at, setAt] = useState(0);
  /** The file that somebody else has decided upon while it was looked at. */
  const [stale, setStale] = useState<string>();
  const files = data?.pages.flatMap(({ items }) => items) ?? [];
  const file = files[Math.min(at, files.length - 1)];
  if (data === undefined && error !== null)
    return <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />;
  if (file === undefined) return <Skeleton width="100%" height={320} />;
  const go = (to: number): void => {
    setAt(to);
    setStale(undefined);
    if (hasNextPage && to >= files.length - 5) void fetchNextPage();
  };
  return (
    <section aria-label={t('heldFile', { number: at + 1, count: series.files })} className="flex flex-col gap-3">
      <div className="flex items-center gap-1">
        <IconButton label={t('fileBefore')} isDisabled={at === 0} onPress={() => go(at - 1)}>
          <ChevronLeft size={18} />
        </IconButton>
        <span className="tabular text-sm">{t('heldFile', { number: at + 1, count: series.files })}</span>
        <IconButton label={t('fileNext')} isDisabled={at >= files.length - 1} onPress={() => go(at + 1)}>
          <ChevronRight size={18} />
        </IconButton>
      </div>
      {stale === file.id && <Notice tone="danger">{t('decidedMeanwhile')}</Notice>}
      <HeldFile
        key={`${file.id} ${file.version}`}
        {...{ series, file }}
        onDecided={() => go(nextWaiting(files, at))}
        onStale={() => setStale(file.id)}
      />
    </section>
  );
}

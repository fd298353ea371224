import type { Conflict } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { useCan } from '../../api/me.ts';
import { formatBytes, formatDate, formatInstant } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { LoadError, Skeleton, Uid } from '../../ui/bits.tsx';
import { Compare } from '../../ui/compare.tsx';
import { Decision, Reopen } from './conflict-decision.tsx';
import { ConflictImages } from './conflict-images.tsx';

function useSides(conflict: Conflict) {
  const t = useText('conflicts');
  const locale = useLocale();
  const { existing, incoming } = conflict;
  return [
    { label: t('patient'), left: existing?.patientName ?? '', right: incoming.patientName },
    { label: t('patientId'), left: existing?.patientId ?? '', right: incoming.patientId ?? '' },
    { label: t('birthDate'), left: formatDate(existing?.birthDate, locale), right: formatDate(incoming.birthDate, locale) },
    { label: t('studyDate'), left: formatDate(existing?.studyDate, locale), right: formatDate(incoming.studyDate, locale) },
    { label: t('description'), left: existing?.description ?? '', right: incoming.description ?? '' },
    {
      label: t('size'),
      left: existing === null ? '' : formatBytes(existing.sizeBytes, locale),
      right: formatBytes(incoming.sizeBytes, locale),
    },
    {
      label: t('receivedAt'),
      left: formatInstant(existing?.receivedAt, locale),
      right: formatInstant(incoming.receivedAt, locale),
      isPlain: true,
    },
  ];
}

interface CardProps {
  readonly conflict: Conflict;
  /** Absent where nothing is decided together. */
  readonly mark: { readonly isMarked: boolean; readonly onMark: () => void } | undefined;
}
function Choice({ kind, mark }: { kind: Conflict['kind']; mark: NonNullable<CardProps['mark']> }) {
  const t = useText('conflicts');
  return (
    <label className="flex min-h-6 cursor-pointer items-center gap-2.5">
      <input
        type="checkbox"
        className="size-4 shrink-0 accent-(--ng-accent)"
        aria-label={t('select')}
        checked={mark.isMarked}
        onChange={mark.onMark}
      />
      {t(kind)}
    </label>
  );
}

export function ConflictCard({ conflict, mark }: CardProps) {
  const t = useText('conflicts');
  const [isOpen, setOpen] = useState(false);
  const rows = useSides(conflict);
  return (
    <li className="ng-card p-4 sm:p-5">
      <div className="mb-3 flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h2 className="font-semibold">{mark === undefined ? t(conflict.kind) : <Choice kind={conflict.kind} mark={mark} />}</h2>
        <Uid value={conflict.sopInstanceUid} />
      </div>
      {/* Beside each other where there is room, so that what is to be decided is seen with what it is decided of. */}
      <div className="grid grid-cols-1 gap-x-5 has-[figure]:lg:grid-cols-2">
        <ConflictImages conflict={conflict} />
        <div className="min-w-0">
          <Compare left={t('existing')} right={t('incoming')} rows={rows} />
          <SameOrigin conflict={conflict} />
        </div>
      </div>
      <details className="mt-3" onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="w-fit rounded py-1 text-[13px] text-accent">{t('differences')}</summary>
        {isOpen && <Differences id={conflict.id} />}
      </details>
      <div className="mt-4">
        <Outcome conflict={conflict} />
      </div>
    </li>
  );
}

/** What was decided, with the way back, or the decision that waits. */
function Outcome({ conflict }: { conflict: Conflict }) {
  const t = useText('conflicts');
  const can = useCan();
  if (conflict.status === 'OPEN') return can('conflicts.decide') && <Decision conflict={conflict} />;
  return (
    <p className="flex flex-wrap items-center gap-3 text-dim">
      ✓ {t(`status${conflict.status}`)}
      {conflict.canUndo && can('conflicts.decide') && <Reopen conflict={conflict} />}
    </p>
  );
}

/** Ways to the others that came with it. */
function SameOrigin({ conflict }: { conflict: Conflict }) {
  const t = useText('conflicts');
  if (conflict.status !== 'OPEN') return null;
  const link = 'inline-flex min-h-6 coarse:min-h-11 items-center rounded text-[13px] text-accent hover:underline';
  return (
    <p className="mt-2 flex flex-wrap gap-x-4">
      {conflict.importId !== null && (
        <Link to="/app/conflicts" search={{ importId: conflict.importId }} className={link}>
          {t('allOfImport')}
        </Link>
      )}
      <Link to="/app/conflicts" search={{ study: conflict.studyInstanceUid }} className={link}>
        {t('allOfStudy')}
      </Link>
    </p>
  );
}

function Differences({ id }: { id: string }) {
  const t = useText('conflicts');
  const locale = useLocale();
  const { data, error, refetch } = useQuery({
    queryKey: ['conflict', id],
    queryFn: ({ signal }) => call('getConflict', { params: { id }, signal }),
  });
  if (data === undefined && error !== null)
    return <LoadError message={errorText(error, locale)} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton width="100%" height={80} />;
  const differences = data.differences ?? [];
  if (differences.length === 0) return <p className="py-2 text-dim">{t('noDifferences')}</p>;
  const rows = differences.map(({ tag, keyword, existing, incoming }) => ({
    label: keyword === '' ? tag : keyword,
    left: existing ?? '',
    right: incoming ?? '',
    mono: true,
  }));
  return <Compare left={t('existing')} right={t('incoming')} rows={rows} />;
}

import type { Conflict } from '@negatoscope/contract';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { GitCompareArrows } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { useCan } from '../../api/me.ts';
import { useCursorList } from '../../api/use-cursor-list.ts';
import { formatBytes, formatDate, formatInstant, type Locale } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { Empty, Skeleton, Uid } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { Compare } from '../../ui/compare.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Segments } from '../../ui/field.tsx';
import { PageHead } from '../../ui/page.tsx';
import { showToast } from '../../ui/toast.tsx';
import { ConflictImages } from './conflict-images.tsx';
import { conflictsChanged, DecideTogether } from './decide-together.tsx';
import { ReviewList } from './review-list.tsx';

export function ConflictsPage() {
  const t = useText('conflicts');
  const can = useCan();
  const { decided, importId, study } = useSearch({ from: '/app/conflicts' });
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const navigate = useNavigate({ from: '/app/conflicts' });
  const status = decided === true ? 'DECIDED' : 'OPEN';
  const narrowed = { importId, studyInstanceUid: study };
  const list = useCursorList(['conflicts', status, narrowed], (cursor, signal) =>
    call('listConflicts', { query: { status, ...narrowed, limit: 50, cursor }, signal }),
  );
  const mark = (id: string): void => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    setSelected(next);
  };
  const decides = can('conflicts.decide');
  const choosable = decides ? list.rows.filter(({ canUndo }) => status === 'OPEN' || canUndo) : [];
  return (
    <>
      <PageHead width="max-w-5xl" title={t('title')}>
        <Segments
          label={t('title')}
          value={status}
          onChange={(value) => void navigate({ search: value === 'DECIDED' ? { decided: true } : {} })}
          choices={[
            { value: 'OPEN', label: t('open') },
            { value: 'DECIDED', label: t('decided') },
          ]}
        />
      </PageHead>
      <ReviewList
        list={list}
        lead={status === 'OPEN' ? t('lead') : undefined}
        mayDecide={can('conflicts.decide')}
        empty={
          <Empty icon={<GitCompareArrows size={34} />} title={decided === true ? t('emptyDecided') : t('emptyTitle')}>
            {t('emptyText')}
          </Empty>
        }
        head={
          <>
            {(importId !== undefined || study !== undefined) && (
              <p className="mb-4 flex flex-wrap items-center gap-3 text-dim">
                {t(importId !== undefined ? 'ofImport' : 'ofStudy')}
                <Button size="small" onPress={() => void navigate({ search: decided === true ? { decided } : {} })}>
                  {t('showAll')}
                </Button>
              </p>
            )}
            {choosable.length > 1 && (
              <DecideTogether
                key={status}
                listed={choosable}
                isDecided={status === 'DECIDED'}
                selected={selected}
                onSelect={setSelected}
              />
            )}
          </>
        }
        card={(conflict) => (
          <ConflictCard
            key={conflict.id}
            conflict={conflict}
            mark={
              choosable.length > 1 && choosable.includes(conflict)
                ? { isMarked: selected.has(conflict.id), onMark: () => mark(conflict.id) }
                : undefined
            }
          />
        )}
      />
    </>
  );
}

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
function ConflictCard({ conflict, mark }: CardProps) {
  const t = useText('conflicts');
  const can = useCan();
  const [isOpen, setOpen] = useState(false);
  const rows = useSides(conflict);
  return (
    <li className="ng-card p-4 sm:p-5">
      <div className="mb-3 flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h2 className="font-semibold">
          {mark !== undefined && (
            <input
              type="checkbox"
              className="mr-2.5 size-4 align-[-2px] accent-(--ng-accent)"
              aria-label={t('select')}
              checked={mark.isMarked}
              onChange={mark.onMark}
            />
          )}
          {t(conflict.kind)}
        </h2>
        <Uid value={conflict.sopInstanceUid} />
      </div>
      <ConflictImages conflict={conflict} />
      <Compare left={t('existing')} right={t('incoming')} rows={rows} />
      <Together conflict={conflict} />
      <details className="mt-3" onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="w-fit rounded text-[13px] text-accent">{t('differences')}</summary>
        {isOpen && <Differences id={conflict.id} />}
      </details>
      <div className="mt-4">
        {conflict.status !== 'OPEN' ? (
          <p className="flex flex-wrap items-center gap-3 text-dim">
            ✓ {t(`status${conflict.status}`)}
            {conflict.canUndo && can('conflicts.decide') && <Reopen conflict={conflict} />}
          </p>
        ) : (
          can('conflicts.decide') && <Decision conflict={conflict} />
        )}
      </div>
    </li>
  );
}

/** Ways to the others that came with it. */
function Together({ conflict }: { conflict: Conflict }) {
  const t = useText('conflicts');
  if (conflict.status !== 'OPEN') return null;
  const link = 'inline-flex min-h-6 items-center rounded text-[13px] text-accent hover:underline';
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

async function reopen(id: string, locale: Locale): Promise<void> {
  try {
    await call('reopenConflict', { params: { id } });
  } catch (error) {
    showToast(errorText(error, locale), { tone: 'danger' });
  } finally {
    conflictsChanged();
  }
}

/** The decision, and what it changed, is taken back: the conflict waits again. */
function Reopen({ conflict: { id, undoUntil } }: { conflict: Conflict }) {
  const t = useText('conflicts');
  const common = useText('common');
  const locale = useLocale();
  return (
    <>
      <Button size="small" onPress={() => void reopen(id, locale)}>
        {common('undo')}
      </Button>
      {undoUntil !== null && <span className="text-[13px]">{t('undoUntil', { date: formatDate(undoUntil, locale) })}</span>}
    </>
  );
}

function Differences({ id }: { id: string }) {
  const t = useText('conflicts');
  const { data } = useQuery({
    queryKey: ['conflict', id],
    queryFn: ({ signal }) => call('getConflict', { params: { id }, signal }),
  });
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

const DECISIONS = ['keep', 'replace', 'discard'] as const;
function Decision({ conflict }: { conflict: Conflict }) {
  const t = useText('conflicts');
  const common = useText('common');
  const locale = useLocale();
  const [pending, setPending] = useState<string>();
  const [asks, setAsks] = useState(false);
  const decide = async (decision: (typeof DECISIONS)[number]): Promise<void> => {
    setPending(decision);
    try {
      await call('decideConflict', { params: { id: conflict.id }, body: { decision } });
      showToast(t('done'), { action: { label: common('undo'), run: () => void reopen(conflict.id, locale) } });
    } catch (error) {
      showToast(errorText(error, locale), { tone: 'danger' });
    } finally {
      setPending(undefined);
      conflictsChanged();
    }
  };
  const joins = conflict.kind === 'STUDY_PATIENT_MISMATCH';
  const choices = {
    keep: { label: t('keep'), hint: t('keepHint'), run: () => void decide('keep') },
    replace: {
      label: joins ? t('join') : t('replace'),
      hint: joins ? t('joinHint') : t('replaceHint'),
      run: () => void decide('replace'),
    },
    // The only one after which something goes, though not at once, asks first.
    discard: { label: t('discard'), hint: t('discardHint'), run: () => setAsks(true) },
  };
  // A study that belongs to someone else has no stored instance to replace or keep.
  const offered = DECISIONS.filter((decision) => conflict.existing !== null || decision === 'discard');
  return (
    <div className="flex flex-wrap gap-x-3 gap-y-3">
      {offered.map((decision) => (
        <div key={decision} className="flex flex-col gap-1">
          <Button
            kind={decision === 'keep' ? 'primary' : 'plain'}
            isPending={pending === decision}
            isDisabled={pending !== undefined}
            onPress={choices[decision].run}
          >
            {choices[decision].label}
          </Button>
          <span className="text-[12px] text-dim">{choices[decision].hint}</span>
        </div>
      ))}
      <Confirm
        title={t('discardTitle')}
        isOpen={asks}
        onClose={() => setAsks(false)}
        onConfirm={() => void decide('discard').finally(() => setAsks(false))}
        confirm={t('discard')}
        pending={pending === 'discard'}
      >
        {t('discardText')}
      </Confirm>
    </div>
  );
}

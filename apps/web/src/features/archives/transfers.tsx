import type { Transfer } from '@negatoscope/contract';
import { ArrowLeftRight, RotateCcw, Square } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { call } from '../../api/client.ts';
import { errorText } from '../../api/error.ts';
import { useUser } from '../../api/me.ts';
import { queryClient } from '../../api/query-client.ts';
import { useCursorList } from '../../api/use-cursor-list.ts';
import { codeText } from '../../entities/node/code-text.ts';
import { TRANSFERS_PLACE } from '../../entities/node/transfers-place.ts';
import { formatInstant, formatNumber } from '../../i18n/format.ts';
import { type Locale, type Text, useLocale, useText } from '../../i18n/index.ts';
import { Empty, LoadError, ProgressLine, Skeleton } from '../../ui/bits.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { showToast } from '../../ui/toast.tsx';
import { HERE_KEY } from './here-key.ts';
import { Problems } from './transfer-problems.tsx';

const isOpen = ({ status }: Transfer): boolean => status === 'WAITING' || status === 'RUNNING';
const TONES = {
  WAITING: 'text-dim',
  RUNNING: 'text-accent',
  DONE: 'text-accent',
  PARTIAL: 'text-amber',
  FAILED: 'text-danger',
  CANCELLED: 'text-dim',
};
const SIGNS = { WAITING: '…', RUNNING: '→', DONE: '✓', PARTIAL: '!', FAILED: '×', CANCELLED: '–' };

/** Brings what is on its way into sight, for the keyboard as well. */
export function showTransfers(): void {
  const title = document.getElementById(TRANSFERS_PLACE);
  title?.scrollIntoView({ block: 'start' });
  title?.focus({ preventScroll: true });
}

interface Told {
  readonly t: Text<'archives'>;
  readonly locale: Locale;
  /** The reader. */
  readonly userId: string | undefined;
}
function factsOf(transfer: Transfer, { t, locale, userId }: Told): string {
  const { studies, total, done, warned, failed, code, by, createdAt, nextTryAt } = transfer;
  return [
    t('studies', { count: studies }),
    total === null ? t('progressUnknown', { count: done }) : t('progress', { done: formatNumber(done, locale), count: total }),
    ...(warned > 0 ? [t('warned', { count: warned })] : []),
    ...(failed > 0 ? [t('failedCount', { count: failed })] : []),
    ...(code === null ? [] : [codeText(code, locale)]),
    ...(nextTryAt === null ? [] : [t('nextTry', { at: formatInstant(nextTryAt, locale) })]),
    ...(by === null || by.id === userId ? [] : [t('by', { name: by.name })]),
    formatInstant(createdAt, locale),
  ].join(' · ');
}

type Act = (id: 'cancelTransfer' | 'retryTransfer') => Promise<void>;

/** Whoever pressed a button of a row by keyboard stays in that row when the button goes with what it did. */
function useAct(transfer: Transfer) {
  const locale = useLocale();
  const row = useRef<HTMLLIElement>(null);
  const [pending, setPending] = useState<'cancelTransfer' | 'retryTransfer'>();
  const hasActed = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: these are what buttons come and go with.
  useEffect(() => {
    if (!hasActed.current || document.activeElement !== document.body) return;
    (row.current?.querySelector('button') ?? row.current)?.focus({ preventScroll: true });
  }, [transfer.status, transfer.nextTryAt]);
  const act: Act = async (id) => {
    hasActed.current = true;
    setPending(id);
    try {
      await call(id, { params: { id: transfer.id } });
    } catch (failure) {
      showToast(errorText(failure, locale), { tone: 'danger' });
    }
    await queryClient.invalidateQueries({ queryKey: ['transfers'] });
    setPending(undefined);
  };
  return { row, act, pending };
}

interface ActionsProps extends Omit<ReturnType<typeof useAct>, 'row'> {
  readonly transfer: Transfer;
  readonly what: string;
  readonly onTell: () => void;
}
function Actions({ transfer, what, onTell, act, pending }: ActionsProps) {
  const t = useText('archives');
  const { status, failed, warned } = transfer;
  const mayRetry = status === 'PARTIAL' || status === 'FAILED' || status === 'CANCELLED';
  const waitsForTry = transfer.nextTryAt !== null;
  // A study of which nothing was begun has no instance that failed, and has its reason all the same.
  const hasProblems = !isOpen(transfer) && (mayRetry || failed + warned > 0);
  return (
    <div className="flex items-center gap-2">
      {hasProblems && (
        <Button size="small" kind="quiet" onPress={onTell} aria-label={t('problemsLong', { what })}>
          {t('problems')}
        </Button>
      )}
      {isOpen(transfer) && (
        <Button
          size="small"
          icon={<Square size={13} />}
          isPending={transfer.isStopping || pending === 'cancelTransfer'}
          onPress={() => void act('cancelTransfer')}
          aria-label={t('cancelLong', { what })}
        >
          {t('cancel')}
        </Button>
      )}
      {(mayRetry || waitsForTry) && (
        <Button
          size="small"
          icon={<RotateCcw size={14} />}
          isPending={pending === 'retryTransfer'}
          onPress={() => void act('retryTransfer')}
          aria-label={t(waitsForTry ? 'retryNowLong' : 'retryLong', { what })}
        >
          {t(waitsForTry ? 'retryNow' : 'retry')}
        </Button>
      )}
    </div>
  );
}

function Line({ transfer, onTell }: { transfer: Transfer; onTell: () => void }) {
  const t = useText('archives');
  const locale = useLocale();
  const userId = useUser()?.id;
  const { kind, node, status, isStopping, total, done } = transfer;
  const what = t(kind, { node: node.name });
  const { row, ...acting } = useAct(transfer);
  return (
    <li
      ref={row}
      tabIndex={-1}
      className="flex flex-wrap items-center justify-end gap-x-3 gap-y-1 border-b border-line/70 px-4 py-2 last:border-0"
    >
      <div className="min-w-56 flex-1">
        <p className="flex flex-wrap gap-x-2 break-words">
          <b aria-hidden="true" className={TONES[status]}>
            {SIGNS[status]}
          </b>
          <span className="font-medium">{what}</span>
          <span className={TONES[status]}>{t(isStopping ? 'statusSTOPPING' : `status${status}`)}</span>
        </p>
        <p className="tabular text-[13px] break-words text-dim">{factsOf(transfer, { t, locale, userId })}</p>
        {status === 'RUNNING' && total !== null && total > 0 && (
          <div className="mt-1.5">
            <ProgressLine ratio={done / total} label={what} />
          </div>
        )}
      </div>
      <Actions {...acting} transfer={transfer} what={what} onTell={onTell} />
    </li>
  );
}

/** What a search has found may be here when something that was fetched has ended. */
function useFetchedRenewed(transfers: readonly Transfer[]): void {
  const open = useRef<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const now = new Set(transfers.filter((one) => one.kind === 'RETRIEVE' && isOpen(one)).map(({ id }) => id));
    const hasEnded = transfers.some(({ id }) => open.current.has(id) && !now.has(id));
    open.current = now;
    if (hasEnded) void queryClient.invalidateQueries({ queryKey: [HERE_KEY] });
  }, [transfers]);
}

/** The form above is higher than a phone. */
function useShown(isReady: boolean): void {
  useEffect(() => {
    if (isReady) showTransfers();
  }, [isReady]);
}

function Told({ transfer, onClose }: { transfer: Transfer | undefined; onClose: () => void }) {
  const t = useText('archives');
  const title = transfer && t('problemsLong', { what: t(transfer.kind, { node: transfer.node.name }) });
  return (
    <Dialog title={title ?? t('problems')} isOpen={transfer !== undefined} onClose={onClose} wide>
      {transfer !== undefined && <Problems transfer={transfer} />}
    </Dialog>
  );
}

/** What is on its way from and to nodes, and how it went; who follows a transfer is brought here once all above has its place. */
export function Transfers({ isFollowed }: { isFollowed: boolean }) {
  const t = useText('archives');
  const locale = useLocale();
  const [told, setTold] = useState<Transfer>();
  const list = useCursorList(['transfers'], (cursor, signal) => call('listTransfers', { query: { limit: 20, cursor }, signal }), {
    refreshMs: 2_000,
  });
  useFetchedRenewed(list.rows);
  useShown(isFollowed && !list.isLoading);
  return (
    <section className="mt-6" aria-labelledby={TRANSFERS_PLACE}>
      <h2 id={TRANSFERS_PLACE} tabIndex={-1} className="mb-2 w-fit scroll-mt-2 rounded font-semibold">
        {t('transfers')}
      </h2>
      {list.error !== null && <LoadError message={errorText(list.error, locale)} onRetry={list.reload} />}
      {list.isLoading && <Skeleton width="100%" height={90} />}
      {list.error === null && !list.isLoading && list.rows.length === 0 && (
        <Empty icon={<ArrowLeftRight size={30} />} title={t('noTransfers')}>
          {t('noTransfersText')}
        </Empty>
      )}
      <ul className="ng-card empty:hidden">
        {list.rows.map((transfer) => (
          <Line key={transfer.id} transfer={transfer} onTell={() => setTold(transfer)} />
        ))}
      </ul>
      {list.hasMore && (
        <div className="mt-2 flex justify-center">
          <Button isPending={list.isLoadingMore} onPress={list.more}>
            {t('more')}
          </Button>
        </div>
      )}
      <Told transfer={told} onClose={() => setTold(undefined)} />
    </section>
  );
}

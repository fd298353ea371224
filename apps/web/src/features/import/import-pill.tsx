import { Link, useRouterState } from '@tanstack/react-router';
import { Check, FolderInput } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { formatPercent } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import { cx } from '../../ui/cx.ts';
import { importSnapshot, isActive, onImport, progressOf } from './import-store.ts';

/** The import that goes on while one is elsewhere. */
export function ImportPill() {
  const t = useText('shell');
  const locale = useLocale();
  const state = useSyncExternalStore(onImport, importSnapshot);
  const isHere = useRouterState({ select: (router) => router.location.pathname === '/app/import' });
  if (isHere || (!isActive(state.phase) && state.phase !== 'done')) return null;
  const percent = formatPercent(progressOf(state), locale);
  const isDone = state.phase === 'done';
  const label =
    state.phase === 'paused'
      ? t('importPaused', { percent })
      : state.phase === 'waiting'
        ? t('importWaiting')
        : isDone
          ? state.counts.rejected > 0
            ? t('importDoneRefused', { count: state.counts.rejected })
            : t('importDone')
          : t('importRunning', { percent });
  return (
    <Link
      to="/app/import"
      search={{}}
      className={cx(
        'relative flex h-9 shrink-0 items-center gap-2 overflow-hidden rounded-full border px-3 text-[13px] coarse:h-11',
        state.phase === 'waiting' || state.phase === 'paused' || (isDone && state.counts.rejected > 0)
          ? 'border-amber/60 text-amber'
          : 'border-accent/50 text-accent',
      )}
    >
      <span
        className="absolute inset-y-0 left-0 bg-accent-soft transition-[width] duration-200"
        style={{ width: `${Math.round(progressOf(state) * 100)}%` }}
        aria-hidden="true"
      />
      {isDone ? <Check size={15} className="relative" /> : <FolderInput size={15} className="relative" />}
      <span className="tabular relative hidden sm:inline">{label}</span>
      <span className="tabular relative sm:hidden">{isDone ? '' : percent}</span>
    </Link>
  );
}

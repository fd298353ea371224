import { ArrowUp, Unplug } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useLocale, useText } from '../../../i18n/index.ts';
import { Kbd } from '../../../ui/bits.tsx';
import type { LiveStudies } from './use-live-studies.ts';

/** A hiccup is nobody's business. */
const SAID_AFTER_MS = 4_000;

function useSaid(lostAt: Date | undefined): boolean {
  const [isSaid, setSaid] = useState(false);
  useEffect(() => {
    if (lostAt === undefined) return setSaid(false);
    const timer = setTimeout(() => setSaid(true), SAID_AFTER_MS);
    return () => clearTimeout(timer);
  }, [lostAt]);
  return isSaid;
}

/** What the list does not show: that it is old, and what has come. It lies over the list's upper edge, so that no row moves. */
export function LiveBar({ live: { waiting, lostAt, show } }: { live: LiveStudies }) {
  const t = useText('worklist');
  const locale = useLocale();
  const isLost = useSaid(lostAt);
  const time = lostAt?.toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' }) ?? '';
  return (
    <div aria-live="polite" className="pointer-events-none absolute inset-x-0 top-10 z-20 flex flex-col items-center gap-2 px-4">
      {isLost && lostAt !== undefined && (
        <p
          role="status"
          className="ng-enter pointer-events-auto flex max-w-xl items-center gap-2 rounded-lg border border-amber/60 bg-surface px-3 py-2 text-[13px] shadow-pop"
        >
          <Unplug size={16} className="shrink-0 text-amber" aria-hidden="true" />
          {t('lost', { time })}
        </p>
      )}
      {waiting > 0 && (
        <button
          type="button"
          onClick={show}
          className="ng-enter tabular pointer-events-auto flex h-9 items-center gap-2 rounded-full border border-accent bg-surface px-4 text-[13px] font-medium text-accent shadow-pop hover:bg-surface-2 coarse:h-11"
        >
          <ArrowUp size={15} aria-hidden="true" />
          {t('newStudies', { count: waiting })} · {t('showNew')}
          <span className="max-sm:hidden">
            <Kbd>N</Kbd>
          </span>
        </button>
      )}
    </div>
  );
}

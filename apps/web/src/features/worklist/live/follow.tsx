import { ArrowUpToLine } from 'lucide-react';
import { useState } from 'react';
import { useText } from '../../../i18n/index.ts';
import { cx } from '../../../ui/cx.ts';

const KEPT_AS = 'ng.worklist.follows';

/** Whether arrivals show by themselves while one is at the top; kept in this browser. */
export function useFollows(): [boolean, (follows: boolean) => void] {
  const [follows, setFollows] = useState(() => {
    try {
      return localStorage.getItem(KEPT_AS) === 'yes';
    } catch {
      return false;
    }
  });
  const keep = (next: boolean): void => {
    setFollows(next);
    try {
      localStorage.setItem(KEPT_AS, next ? 'yes' : 'no');
    } catch {
      // Without a place to keep it, it holds as long as the page.
    }
  };
  return [follows, keep];
}

export function FollowButton({ follows, onChange }: { follows: boolean; onChange: (follows: boolean) => void }) {
  const t = useText('worklist');
  return (
    <button
      type="button"
      aria-pressed={follows}
      aria-label={t('follow')}
      title={t('follow')}
      onClick={() => onChange(!follows)}
      className={cx(
        'flex h-9 min-w-9 items-center justify-center gap-2 rounded-lg border transition-colors coarse:h-11 coarse:px-2.5',
        follows ? 'border-accent bg-accent-soft text-accent' : 'border-line-strong/60 text-dim hover:text-text',
      )}
    >
      <ArrowUpToLine size={17} aria-hidden="true" />
      {/* Fingers get no tips. */}
      <span className="hidden text-sm coarse:inline">{t('followShort')}</span>
    </button>
  );
}

import type { ReadingStatus } from '@negatoscope/contract';
import { useText } from '../i18n/index.ts';
import { cx } from './cx.ts';

export const STATUS_SIGNS: Record<ReadingStatus, string> = { TO_READ: '○', IN_PROGRESS: '◐', VALIDATED: '●', ARCHIVED: '▢' };
const TONES: Record<ReadingStatus, string> = {
  TO_READ: 'text-amber',
  IN_PROGRESS: 'text-info',
  VALIDATED: 'text-accent',
  ARCHIVED: 'text-dim',
};

/** ○ ◐ ● ▢ drawn, so that the four are of one size in every font. */
export function StatusSign({ status }: { status: ReadingStatus }) {
  return (
    <svg width="13" height="13" viewBox="0 0 13 13" aria-hidden="true" className={cx('shrink-0', TONES[status])}>
      {status === 'ARCHIVED' ? (
        <rect x="2" y="2" width="9" height="9" rx="1.5" fill="none" stroke="currentColor" strokeWidth="1.6" />
      ) : (
        <circle
          cx="6.5"
          cy="6.5"
          r="4.9"
          fill={status === 'VALIDATED' ? 'currentColor' : 'none'}
          stroke="currentColor"
          strokeWidth="1.6"
        />
      )}
      {status === 'IN_PROGRESS' && <path d="M6.5 1.6a4.9 4.9 0 0 1 0 9.8z" fill="currentColor" />}
    </svg>
  );
}

/** A reading status: its sign and its word, never colour alone; `by` stands behind it, or in the place of the word where there is room for one. */
export function Status({ status, by }: { status: ReadingStatus; by?: string | undefined }) {
  const t = useText('common');
  return (
    <span className="inline-flex min-w-0 items-center gap-1.5 whitespace-nowrap">
      <StatusSign status={status} />
      <span className={cx('shrink-0', by !== undefined && '@max-[9.5rem]:sr-only')}>{t(`status${status}`)}</span>
      {by !== undefined && <span className="min-w-0 truncate text-dim">{by}</span>}
    </span>
  );
}

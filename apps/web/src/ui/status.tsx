import type { ReadingStatus } from '@negatoscope/contract';
import { useText } from '../i18n/index.ts';
import { cx } from './cx.ts';

export const STATUSES = ['TO_READ', 'IN_PROGRESS', 'VALIDATED', 'ARCHIVED'] as const satisfies readonly ReadingStatus[];
export const STATUS_SIGNS: Record<ReadingStatus, string> = { TO_READ: '○', IN_PROGRESS: '◐', VALIDATED: '●', ARCHIVED: '▢' };
const TONES: Record<ReadingStatus, string> = {
  TO_READ: 'text-amber',
  IN_PROGRESS: 'text-info',
  VALIDATED: 'text-accent',
  ARCHIVED: 'text-dim',
};

/** A reading status: its sign and its word, never colour alone. */
export function Status({ status }: { status: ReadingStatus }) {
  const t = useText('common');
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <span aria-hidden="true" className={cx('w-3 text-center text-[15px] leading-none', TONES[status])}>
        {STATUS_SIGNS[status]}
      </span>
      {t(`status${status}`)}
    </span>
  );
}

import type { ConsultationStatus } from '@negatoscope/contract';
import { useText } from '../../i18n/index.ts';
import { cx } from '../../ui/cx.ts';

const SIGNS: Record<ConsultationStatus, string> = { WAITING: '○', IN_PROGRESS: '◐', DONE: '●', CANCELLED: '✕' };
const TONES: Record<ConsultationStatus, string> = {
  WAITING: 'text-amber',
  IN_PROGRESS: 'text-info',
  DONE: 'text-accent',
  CANCELLED: 'text-dim',
};

/** How far a consultation is: its sign and its word. */
export function ConsultationStatusMark({ status }: { status: ConsultationStatus }) {
  const t = useText('consultations');
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <span aria-hidden="true" className={cx('text-[13px] leading-none', TONES[status])}>
        {SIGNS[status]}
      </span>
      {t(status)}
    </span>
  );
}

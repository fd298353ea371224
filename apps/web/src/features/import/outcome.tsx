import { useText } from '../../i18n/index.ts';
import { cx } from '../../ui/cx.ts';
import type { FileState } from './import-store.ts';

const SIGNS: Record<FileState, readonly [sign: string, tone: string]> = {
  queued: ['·', 'text-dim'],
  sending: ['↑', 'text-info'],
  stored: ['✓', 'text-accent'],
  duplicate: ['=', 'text-dim'],
  conflict: ['≠', 'text-amber'],
  rejected: ['×', 'text-danger'],
  ignored: ['–', 'text-dim'],
};

/** The outcome of a file: a sign and its word. */
export function OutcomeMark({ state }: { state: FileState }) {
  const t = useText('imports');
  const [sign, tone] = SIGNS[state];
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <span aria-hidden="true" className={cx('w-3 text-center font-bold', tone)}>
        {sign}
      </span>
      {t(state)}
    </span>
  );
}

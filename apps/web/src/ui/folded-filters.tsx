import { type ReactNode, useId, useState } from 'react';
import { useText } from '../i18n/index.ts';
import { buttonClass } from './button-class.ts';
import { cx } from './cx.ts';

interface Props {
  /** How many of them narrow the list. */
  readonly set: number;
  readonly children: ReactNode;
}

/** Filters of a row that wraps; on a phone, where they would take half of it, a button unfolds them and says how many are set. */
export function FoldedFilters({ set, children }: Props) {
  const t = useText('worklist');
  const id = useId();
  const [isUnfolded, setUnfolded] = useState(false);
  return (
    <>
      <button
        type="button"
        aria-expanded={isUnfolded}
        aria-controls={id}
        onClick={() => setUnfolded(!isUnfolded)}
        className={cx(buttonClass('plain'), 'px-2! text-[13px]! sm:hidden', set > 0 && 'border-accent! text-accent!')}
      >
        {t('filters')}
        {set > 0 && <b className="tabular">{set}</b>}
      </button>
      <div id={id} className={cx('flex-wrap items-center gap-2 sm:contents', isUnfolded ? 'max-sm:flex' : 'max-sm:hidden')}>
        {children}
      </div>
    </>
  );
}

/** How many of some filters are set. */
export const setOf = <T extends object>(search: T, names: readonly (keyof T)[]): number =>
  names.filter((name) => search[name] !== undefined).length;

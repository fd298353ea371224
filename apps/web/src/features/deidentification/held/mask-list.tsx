import type { DeidHeldFile, DeidMask, DeidRectangle } from '@negatoscope/contract';
import { Plus, ScanText, X } from 'lucide-react';
import { type KeyboardEvent, useLayoutEffect, useRef } from 'react';
import { useText } from '../../../i18n/index.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { firstMask, moved } from './mask-rules.ts';

interface Props {
  readonly file: DeidHeldFile;
  /** Suspected, and not masked; undefined while that is being looked for, which is not to be taken for none. */
  readonly open: readonly DeidRectangle[] | undefined;
  readonly masks: readonly DeidMask[];
  readonly onAdd: (mask: DeidRectangle) => void;
  readonly onChange: (masks: readonly DeidMask[]) => void;
}

/** Where the keyboard goes on when the mask that had it is taken away: the next one, the one before, or where masks are added. */
function useFocusAfter(masks: readonly DeidMask[]) {
  const root = useRef<HTMLDivElement>(null);
  const gone = useRef<number>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once the list is without it.
  useLayoutEffect(() => {
    if (gone.current === undefined) return;
    const left = [...(root.current?.querySelectorAll<HTMLElement>('[data-mask]') ?? [])];
    const add = root.current?.querySelector<HTMLElement>('[data-add] button:last-child');
    (left[Math.min(gone.current, left.length - 1)] ?? add)?.focus();
    gone.current = undefined;
  }, [masks]);
  return { root, gone };
}

/** The masks as a list: each is moved by arrows, made larger or smaller with Shift, and taken away by Delete. */
export function MaskList({ file, open, masks, onAdd, onChange }: Props) {
  const t = useText('deid');
  const { root, gone } = useFocusAfter(masks);
  const without = (at: number): void => {
    gone.current = at;
    onChange(masks.filter((_, index) => index !== at));
  };
  return (
    <div ref={root} className="flex flex-col gap-2">
      <div className="flex flex-wrap gap-2" data-add="">
        <Button
          size="small"
          icon={<ScanText size={14} />}
          isDisabled={open === undefined || open.length === 0}
          onPress={() => onChange([...masks, ...(open ?? [])])}
        >
          {open === undefined ? t('suspecting') : t('maskSuspected', { count: open.length })}
        </Button>
        <Button size="small" icon={<Plus size={14} />} onPress={() => onAdd(firstMask(file))}>
          {t('maskAdd')}
        </Button>
      </div>
      {masks.length > 0 && <p className="text-[13px] text-dim">{t('maskKeys')}</p>}
      <ul className="flex flex-col gap-1" aria-label={t('masks')}>
        {masks.map((mask, at) => (
          <MaskLine
            // biome-ignore lint/suspicious/noArrayIndexKey: a mask that moves stays the one that has the focus.
            key={at}
            {...{ file, mask }}
            number={at + 1}
            onMove={(next) => onChange(masks.map((one, index) => (index === at ? next : one)))}
            onRemove={() => without(at)}
          />
        ))}
      </ul>
    </div>
  );
}

const placeOf = ({ left, top, right, bottom }: DeidMask): string => `${left}, ${top} – ${right}, ${bottom}`;

interface LineProps {
  readonly file: DeidHeldFile;
  readonly mask: DeidMask;
  /** In the list, from 1. */
  readonly number: number;
  readonly onMove: (next: DeidMask) => void;
  readonly onRemove: () => void;
}
function MaskLine({ file, mask, number, onMove, onRemove }: LineProps) {
  const t = useText('deid');
  const words = [placeOf(mask), mask.frame === undefined ? '' : t('frameNumber', { number: mask.frame + 1 })]
    .filter(Boolean)
    .join(' · ');
  const onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = moved(mask, event, file);
    if (next !== undefined) onMove(next);
    else if (event.key === 'Delete' || event.key === 'Backspace') onRemove();
    else return;
    event.preventDefault();
  };
  return (
    <li className="flex items-center gap-1">
      <button
        type="button"
        data-mask=""
        onKeyDown={onKey}
        aria-label={t('maskLong', { number, place: words })}
        className="tabular min-h-8 flex-1 rounded-md border border-line px-2 text-left text-[13px] coarse:min-h-11"
      >
        {words}
      </button>
      <IconButton label={t('maskRemove', { number })} onPress={onRemove}>
        <X size={15} />
      </IconButton>
    </li>
  );
}

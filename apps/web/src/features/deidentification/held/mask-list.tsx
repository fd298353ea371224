import type { DeidHeldFile, DeidMask, DeidRectangle } from '@negatoscope/contract';
import { Plus, ScanText, X } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { useText } from '../../../i18n/index.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { firstMask, moved } from './mask-rules.ts';

interface Props {
  readonly file: DeidHeldFile;
  /** Suspected, and not masked. */
  readonly open: readonly DeidRectangle[];
  readonly masks: readonly DeidMask[];
  readonly onChange: (masks: readonly DeidMask[]) => void;
}

/** The masks as a list: each is moved by arrows, made larger or smaller with Shift, and taken away by Delete. */
export function MaskList({ file, open, masks, onChange }: Props) {
  const t = useText('deid');
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap gap-2">
        <Button
          size="small"
          icon={<ScanText size={14} />}
          isDisabled={open.length === 0}
          onPress={() => onChange([...masks, ...open])}
        >
          {t('maskSuspected', { count: open.length })}
        </Button>
        <Button size="small" icon={<Plus size={14} />} onPress={() => onChange([...masks, firstMask(file)])}>
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
            onRemove={() => onChange(masks.filter((_, index) => index !== at))}
          />
        ))}
      </ul>
    </div>
  );
}

const wordsOf = ({ left, top, right, bottom }: DeidMask): string => `${left}, ${top} – ${right}, ${bottom}`;

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
        onKeyDown={onKey}
        aria-label={t('maskLong', { number, place: wordsOf(mask) })}
        className="tabular min-h-8 flex-1 rounded-md border border-line px-2 text-left text-[13px] coarse:min-h-11"
      >
        {wordsOf(mask)}
        {mask.frame !== undefined && ` · ${t('frameNumber', { number: mask.frame + 1 })}`}
      </button>
      <IconButton label={t('maskRemove', { number })} onPress={onRemove}>
        <X size={15} />
      </IconButton>
    </li>
  );
}

import type { Conflict } from '@negatoscope/contract';
import { useState } from 'react';
import { useText } from '../../i18n/index.ts';

/** What both sides look like, where there are images. */
export function ConflictImages({ conflict }: { conflict: Conflict }) {
  const t = useText('conflicts');
  const [known, setKnown] = useState<Readonly<Partial<Record<'existing' | 'incoming', 'image' | 'none'>>>>({});
  const sides = conflict.existing === null ? (['incoming'] as const) : (['existing', 'incoming'] as const);
  if (sides.every((side) => known[side] === 'none')) return null;
  return (
    <div className="mb-3 grid grid-cols-2 gap-3">
      {sides.map((side) => (
        <figure key={side} className="min-w-0">
          {known[side] === 'none' ? (
            <p className="flex aspect-square max-h-[44dvh] min-h-32 w-full items-center justify-center rounded-lg border border-line text-[13px] text-dim">
              {t('noImage')}
            </p>
          ) : (
            <img
              src={`/api/conflicts/${conflict.id}/image?side=${side}`}
              alt={t(side)}
              loading="lazy"
              className={`aspect-square max-h-[44dvh] min-h-32 w-full rounded-lg object-contain ${known[side] === 'image' ? 'bg-black' : 'ng-skeleton'}`}
              onLoad={() => setKnown((seen) => ({ ...seen, [side]: 'image' }))}
              onError={() => setKnown((seen) => ({ ...seen, [side]: 'none' }))}
            />
          )}
          <figcaption className="mt-1 text-[12px] text-dim">{t(side)}</figcaption>
        </figure>
      ))}
    </div>
  );
}

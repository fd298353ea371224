import type { DeidMask, DeidRectangle } from '@negatoscope/contract';
import { type PointerEvent, type SVGProps, useRef, useState } from 'react';
import { useText } from '../../../i18n/index.ts';
import { Button } from '../../../ui/button.tsx';
import { between, within } from './mask-rules.ts';

interface Props {
  readonly source: string;
  readonly size: { readonly rows: number; readonly columns: number };
  readonly suspected: readonly DeidRectangle[];
  readonly masks: readonly DeidMask[];
  readonly frame: number;
  readonly onDraw: (mask: DeidRectangle) => void;
}

const shapeOf = ({ left, top, right, bottom }: DeidRectangle) => ({ x: left, y: top, width: right - left, height: bottom - top });

/** Draws with a pointer: from one corner to the other. */
function useDrawing({ size, onDraw }: Pick<Props, 'size' | 'onDraw'>) {
  const from = useRef<{ x: number; y: number }>(undefined);
  const [drawn, setDrawn] = useState<DeidRectangle>();
  const pointOf = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return {
      x: ((event.clientX - box.left) / box.width) * size.columns,
      y: ((event.clientY - box.top) / box.height) * size.rows,
    };
  };
  const end = (): void => {
    if (drawn !== undefined) onDraw(drawn);
    from.current = undefined;
    setDrawn(undefined);
  };
  return {
    drawn,
    handlers: {
      onPointerDown: (event: PointerEvent<SVGSVGElement>) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        from.current = pointOf(event);
      },
      onPointerMove: (event: PointerEvent<SVGSVGElement>) => {
        if (from.current !== undefined) setDrawn(within(between(from.current, pointOf(event)), size));
      },
      onPointerUp: end,
      onPointerCancel: () => {
        from.current = undefined;
        setDrawn(undefined);
      },
    },
  };
}

/** Rectangles of the picture; two may lie on the same place. */
const Areas = ({ of, ...look }: { readonly of: readonly DeidRectangle[] } & SVGProps<SVGRectElement>) =>
  // biome-ignore lint/suspicious/noArrayIndexKey: they have no other name.
  of.map((one, at) => <rect key={at} {...shapeOf(one)} {...look} strokeWidth={2} vectorEffect="non-scaling-stroke" />);

/** The picture, and over it what is suspected (dashed) and what will be black. A pointer draws; the list beside does the same by keyboard. */
export function MaskCanvas({ source, size, suspected, masks, frame, onDraw }: Props) {
  const t = useText('deid');
  const common = useText('common');
  const { drawn, handlers } = useDrawing({ size, onDraw });
  const [failed, setFailed] = useState('');
  const shown = masks.filter((mask) => mask.frame === undefined || mask.frame === frame);
  if (failed === source)
    return (
      <div className="flex flex-col items-center gap-4 rounded-lg bg-black p-8 text-center">
        <p className="text-sm text-[#e6edf3]">{t('noPicture')}</p>
        <Button onPress={() => setFailed('')}>{common('retry')}</Button>
      </div>
    );
  return (
    <div className="flex justify-center rounded-lg bg-black">
      <div className="relative w-fit max-w-full">
        <img
          src={source}
          alt={t('heldPicture')}
          onError={() => setFailed(source)}
          draggable={false}
          className="block max-h-[62dvh] min-h-40 w-auto max-w-full min-[2600px]:max-h-[44dvh]"
        />
        <svg
          viewBox={`0 0 ${size.columns} ${size.rows}`}
          preserveAspectRatio="none"
          className="absolute inset-0 size-full cursor-crosshair touch-none"
          aria-hidden="true"
          {...handlers}
        >
          <Areas of={suspected} fill="none" stroke="#fbbf24" strokeDasharray="6 4" />
          <Areas of={drawn === undefined ? shown : [...shown, drawn]} fill="#000" stroke="#2dd4bf" />
        </svg>
      </div>
    </div>
  );
}

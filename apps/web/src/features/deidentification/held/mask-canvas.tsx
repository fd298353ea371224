import type { DeidHeldFile, DeidMask, DeidRectangle } from '@negatoscope/contract';
import { useState } from 'react';
import { useText } from '../../../i18n/index.ts';
import { Button } from '../../../ui/button.tsx';
import { useDrawing } from './use-drawing.ts';

interface RectanglesProps {
  readonly size: Pick<DeidHeldFile, 'rows' | 'columns'>;
  readonly suspected: readonly DeidRectangle[];
  readonly masks: readonly DeidMask[];
  readonly frame: number;
  readonly onDraw: (mask: DeidRectangle) => void;
}
interface Props extends RectanglesProps {
  readonly source: string;
}

/** The picture, and over it what is suspected (dashed) and what will be black. A pointer draws; the list beside does the same by keyboard. */
export function MaskCanvas({ source, ...rectangles }: Props) {
  const t = useText('deid');
  const [failed, setFailed] = useState('');
  if (failed === source) return <NoPicture onRetry={() => setFailed('')} />;
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
        <Rectangles {...rectangles} />
      </div>
    </div>
  );
}

function NoPicture({ onRetry }: { onRetry: () => void }) {
  const t = useText('deid');
  const common = useText('common');
  return (
    <div className="flex flex-col items-center gap-4 rounded-lg bg-black p-8 text-center">
      <p className="text-sm text-[#e6edf3]">{t('noPicture')}</p>
      <Button onPress={onRetry}>{common('retry')}</Button>
    </div>
  );
}

function Rectangles({ size, suspected, masks, frame, onDraw }: RectanglesProps) {
  const { drawn, handlers } = useDrawing({ size, onDraw });
  const shown = masks.filter((mask) => mask.frame === undefined || mask.frame === frame);
  return (
    <svg
      viewBox={`0 0 ${size.columns} ${size.rows}`}
      preserveAspectRatio="none"
      className="absolute inset-0 size-full cursor-crosshair touch-none"
      aria-hidden="true"
      {...handlers}
    >
      {suspected.map((one) => (
        <rect
          key={JSON.stringify(one)}
          {...shapeOf(one)}
          fill="none"
          stroke="#fbbf24"
          strokeWidth={2}
          strokeDasharray="6 4"
          vectorEffect="non-scaling-stroke"
        />
      ))}
      {[...shown, ...(drawn === undefined ? [] : [drawn])].map((one) => (
        <rect
          key={JSON.stringify(one)}
          {...shapeOf(one)}
          fill="#000"
          stroke="#2dd4bf"
          strokeWidth={2}
          vectorEffect="non-scaling-stroke"
        />
      ))}
    </svg>
  );
}

const shapeOf = ({ left, top, right, bottom }: DeidRectangle) => ({ x: left, y: top, width: right - left, height: bottom - top });

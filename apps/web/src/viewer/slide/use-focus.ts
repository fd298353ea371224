import type { Slide, SlideChannel } from '@negatoscope/dicom';
import { useCallback, useMemo, useState } from 'react';
import { type ShownSlide, shownSlide } from './plan-tiles.ts';

export interface SlideFocusing {
  readonly shown: ShownSlide;
  readonly channels: readonly SlideChannel[];
  readonly channelIndex: number;
  /** Micrometres above the first one, from the glass upwards; undefined where the file does not say. */
  readonly planes: readonly (number | undefined)[];
  readonly onChannel: (index: number) => void;
  readonly onPlane: (plane: number) => void;
  /** Up by so many planes, no further than there are. */
  readonly step: (by: number) => void;
}

/** Which optical path and focal plane of a slide is looked at; it begins with the middle plane, which is where a scanner focuses. */
export function useFocus(slide: Slide): SlideFocusing {
  const [channelIndex, setChannel] = useState(0);
  const [plane, setPlane] = useState(() => Math.floor(slide.levels[0].stack.planes.length / 2));
  const shown = useMemo(() => shownSlide(slide, channelIndex, plane), [slide, channelIndex, plane]);
  const { planes } = shown.levels[0].stack;
  const step = useCallback(
    (by: number) => setPlane((now) => Math.max(0, Math.min(now + by, planes.length - 1))),
    [planes.length],
  );
  return { shown, channels: slide.channels, channelIndex, planes, onChannel: setChannel, onPlane: setPlane, step };
}

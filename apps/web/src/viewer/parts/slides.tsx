import { slidesOf, WHOLE_SLIDE_MICROSCOPY } from '@negatoscope/dicom';
import { Images, Microscope } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Button } from 'react-aria-components';
import { useText } from '../../i18n/index.ts';
import type { PaneSnapshot, ViewerSession } from '../engine/index.ts';
import type { SeriesModel } from '../model/study-model.ts';
import { SlideView } from '../slide/slide-view.tsx';
import { buttonClass } from './controls.tsx';

const slidesIn = (series: SeriesModel | undefined) =>
  series?.sopClassUid === WHOLE_SLIDE_MICROSCOPY ? slidesOf([...new Set(series.frames.map(({ dataset }) => dataset))]) : [];

interface SlidesProps {
  readonly snapshot: PaneSnapshot;
  /** Keeps what is measured on a slide. */
  readonly session: ViewerSession;
}

/** Whole slides stand over the tiles that they are put together of, until somebody wants to see those. */
export function Slides({ snapshot: { series, status }, session }: SlidesProps) {
  const t = useText('viewer');
  const [isOpen, setIsOpen] = useState(true);
  const slides = useMemo(() => slidesIn(series), [series]);
  if (series === undefined || status === 'loading' || slides.length === 0) return null;
  const toggle = (
    <Button className={`${buttonClass} bg-(--ng-surface) px-2 text-xs`} onPress={() => setIsOpen((open) => !open)}>
      {isOpen ? <Images size={16} aria-hidden /> : <Microscope size={16} aria-hidden />}
      {t(isOpen ? 'slide.tiles' : 'slide.show')}
    </Button>
  );
  if (isOpen) return <SlideView {...{ series, slides }} drawings={session} images={toggle} />;
  return <div className="absolute top-1/2 right-8 -translate-y-1/2">{toggle}</div>;
}

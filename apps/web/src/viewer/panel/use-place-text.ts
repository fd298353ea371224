import { type Text, useText } from '../../i18n/index.ts';
import type { FramePlace, PlaceOf } from './key-frames.ts';

/** Where a frame stands, as its pane writes it; of a series that has not been shown only what its number tells. */
export function usePlaceText(placeOf: PlaceOf, inWords?: Text<'viewer'>): (frame: FramePlace) => string {
  const own = useText('viewer');
  const t = inWords ?? own;
  return (of) => {
    const place = placeOf(of);
    if (place !== undefined) return t('overlay.image', place);
    return of.frame > 1 ? t('panel.frame', { frame: of.frame }) : '';
  };
}

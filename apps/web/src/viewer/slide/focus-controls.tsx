import { Label, Slider, SliderThumb, SliderTrack } from 'react-aria-components';
import { useLocale, useText } from '../../i18n/index.ts';
import { formatValue } from '../model/format.ts';
import { Choice } from '../waveform/waveform-bar.tsx';
import type { SlideFocusing } from './use-focus.ts';

/** Which optical path: bright field, or the filter of a stain. Nothing where there is one. */
export function Paths({ channels, channelIndex, onChannel }: SlideFocusing) {
  const t = useText('viewer');
  if (channels.length < 2) return null;
  const names = channels.map(({ name }, at) => [at, name ?? t('slide.path', { number: at + 1 })] as const);
  return <Choice label={t('slide.paths')} value={channelIndex} options={names} onChoose={onChannel} />;
}

/** Through the focal planes, from the glass upwards. Nothing where there is one. */
export function Planes({ planes, shown, onPlane }: SlideFocusing) {
  const t = useText('viewer');
  const locale = useLocale();
  if (planes.length < 2) return null;
  const height = planes[shown.plane];
  const text = [
    t('slide.planeOf', { number: shown.plane + 1, count: planes.length }),
    height === undefined ? undefined : t('slide.micrometres', { value: formatValue(height, locale) }),
  ];
  const said = text.filter(Boolean).join(' · ');
  return (
    <Slider
      orientation="vertical"
      value={shown.plane}
      minValue={0}
      maxValue={planes.length - 1}
      step={1}
      onChange={(value) => onPlane(typeof value === 'number' ? value : (value[0] ?? 0))}
      className="absolute top-1/2 right-2 flex h-48 max-h-[50%] -translate-y-1/2 flex-col items-end gap-1"
      data-testid="slide-planes"
    >
      <Label className="sr-only">{t('slide.plane')}</Label>
      <output className="rounded bg-black/80 px-2 py-0.5 text-(--ng-text) text-xs">{said}</output>
      <SliderTrack className="relative min-h-0 w-9 grow cursor-pointer rounded bg-black/60 pointer-coarse:w-11">
        <div className="absolute inset-y-2 left-1/2 w-1 -translate-x-1/2 rounded-full bg-(--ng-line)" />
        <SliderThumb
          aria-valuetext={said}
          className="left-1/2 size-4 rounded-full border-2 border-(--ng-bg) bg-(--ng-accent) outline-none data-focus-visible:ring-2 data-focus-visible:ring-(--ng-accent) pointer-coarse:size-6"
        />
      </SliderTrack>
    </Slider>
  );
}

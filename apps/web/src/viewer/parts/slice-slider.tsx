import { MemoryStick, Pause, Play } from 'lucide-react';
import { Slider, SliderThumb, SliderTrack } from 'react-aria-components';
import { formatNumber } from '../../i18n/format.ts';
import { useLocale, useText } from '../../i18n/index.ts';
import type { Pane, PaneSnapshot } from '../engine/index.ts';
import { IconButton } from './controls.tsx';
import { LoadProgress } from './load-progress.tsx';

interface SliceSliderProps {
  readonly pane: Pane;
  readonly snapshot: PaneSnapshot;
}

/** Position in the series, how much of it is loaded, and playing. */
export function SliceSlider({ pane, snapshot }: SliceSliderProps) {
  const t = useText('viewer');
  const { frameCount, askedIndex, shownIndex, isPlaying, series } = snapshot;
  if (frameCount < 2 || series === undefined) return null;
  return (
    <div className="flex shrink-0 items-center gap-1 bg-(--ng-surface) px-1">
      <IconButton
        icon={isPlaying ? Pause : Play}
        label={isPlaying ? t('cine.pause') : t('cine.play')}
        shortcut={t('keys.space')}
        onPress={() => pane.cine.toggle()}
      />
      {isPlaying && <FrameRate pane={pane} value={snapshot.framesPerSecond} />}
      <Slider
        aria-label={t('pane.slider')}
        className="group min-w-0 grow"
        minValue={1}
        maxValue={frameCount}
        step={1}
        value={askedIndex + 1}
        onChange={(value) => pane.goTo((typeof value === 'number' ? value : (value[0] ?? 1)) - 1)}
      >
        <SliderTrack className="relative h-9 w-full cursor-pointer pointer-coarse:h-11">
          <div className="absolute inset-x-0 top-1/2 h-1 -translate-y-1/2 rounded-full bg-(--ng-line)" />
          <LoadProgress states={snapshot.states} />
          <SliderThumb className="top-1/2 size-4 rounded-full border-2 border-(--ng-bg) bg-(--ng-accent) outline-none data-focus-visible:ring-2 data-focus-visible:ring-(--ng-accent) pointer-coarse:size-6" />
        </SliderTrack>
      </Slider>
      <Memory {...snapshot} />
      <span
        className="shrink-0 text-right text-(--ng-text-dim) text-xs tabular-nums"
        // The longest that it will be, so that the slider stays as wide as it is.
        style={{ minWidth: `max(4rem, ${2 * String(frameCount).length + 3}ch)` }}
      >
        {shownIndex === undefined ? '–' : shownIndex + 1} / {frameCount}
      </span>
    </div>
  );
}

/** Says of a series that memory does not hold how much of it is there at once. */
function Memory({ fitCount, frameCount }: Pick<PaneSnapshot, 'fitCount' | 'frameCount'>) {
  const t = useText('viewer');
  const locale = useLocale();
  if (fitCount === 0 || fitCount >= frameCount) return null;
  const [held, all] = [formatNumber(fitCount, locale), formatNumber(frameCount, locale)];
  const whole = t('pane.heldText', { held, all });
  return (
    <span title={whole} className="flex shrink-0 items-center gap-1 text-(--ng-amber) text-xs tabular-nums">
      <MemoryStick size={14} aria-hidden />
      <span aria-hidden className="@max-2xl:hidden">
        {t('pane.held', { held })}
      </span>
      <span className="sr-only">{whole}</span>
    </span>
  );
}

function FrameRate({ pane, value }: { readonly pane: Pane; readonly value: number }) {
  const t = useText('viewer');
  return (
    <input
      type="number"
      min={1}
      max={60}
      value={Math.round(value * 10) / 10}
      aria-label={t('cine.rate')}
      title={t('cine.rate')}
      className="w-12 rounded border border-(--ng-line) bg-(--ng-bg) px-1 py-0.5 text-(--ng-text) text-xs"
      onChange={(event) => pane.cine.setFramesPerSecond(event.target.valueAsNumber || 1)}
    />
  );
}

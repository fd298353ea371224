import type { WaveformGroup } from '@negatoscope/dicom';
import { ChevronLeft, ChevronRight, Maximize2, Printer, Ruler, X } from 'lucide-react';
import { useId } from 'react';
import { useLocale, useText } from '../../i18n/index.ts';
import { formatValue } from '../model/format.ts';
import { IconButton, IconToggle } from '../parts/controls.tsx';
import { SPANS, type useWaveformState } from './view-state.ts';

interface ChoiceProps<T extends string | number> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly (readonly [value: T, text: string])[];
  readonly isDisabled?: boolean;
  readonly onChoose: (value: T) => void;
}

export function Choice<T extends string | number>({ label, value, options, isDisabled = false, onChoose }: ChoiceProps<T>) {
  const id = useId();
  return (
    <span className="flex items-center gap-1">
      <label htmlFor={id} className="sr-only">
        {label}
      </label>
      <select
        id={id}
        value={String(value)}
        disabled={isDisabled}
        className="ng-viewer-target rounded border border-(--ng-line) bg-(--ng-surface-2) px-1.5 py-1 text-(--ng-text) text-xs outline-none focus-visible:ring-2 focus-visible:ring-(--ng-accent) disabled:opacity-50"
        onChange={({ target }) => {
          const found = options.find(([one]) => String(one) === target.value);
          if (found !== undefined) onChoose(found[0]);
        }}
      >
        {options.map(([one, text]) => (
          <option key={one} value={String(one)}>
            {text}
          </option>
        ))}
      </select>
    </span>
  );
}

/** A time span as people say it. */
export function useSpanText() {
  const t = useText('viewer');
  const locale = useLocale();
  return (seconds: number): string => {
    const number = (value: number): string => formatValue(Number(value.toFixed(1)), locale);
    if (seconds < 120) return t('wave.seconds', { value: number(seconds) });
    return seconds < 7200
      ? t('wave.minutes', { value: number(seconds / 60) })
      : t('wave.hours', { value: number(seconds / 3600) });
  };
}

interface WaveformBarProps {
  readonly group: WaveformGroup;
  readonly view: ReturnType<typeof useWaveformState>;
  readonly groups: readonly (readonly [index: number, name: string])[];
  readonly index: number;
  readonly hasLegs: boolean;
  readonly onGroup: (index: number) => void;
  readonly onPrint: () => void;
  readonly onRemoveLegs: () => void;
}

/** How the waveform is drawn: its group, speed, amplitude and layout; printing; the way through a long one. */
export function WaveformBar({ view, groups, index, hasLegs, onGroup, onPrint, onRemoveLegs }: WaveformBarProps) {
  const t = useText('viewer');
  const { state, own } = view;
  const speeds = ([12.5, 25, 50] as const).map((value) => [value, t('wave.mmPerSecond', { value })] as const);
  const gains = ([5, 10, 20] as const).map((value) => [value, t('wave.mmPerMillivolt', { value })] as const);
  const layouts = (['standard', 'rows'] as const).map((value) => [value, t(`wave.${value}`)] as const);
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-1.5 border-(--ng-line) border-b bg-(--ng-surface) px-2 py-1 text-xs">
      {groups.length > 1 && <Choice label={t('wave.group')} value={index} options={groups} onChoose={onGroup} />}
      <Choice
        label={t('wave.speed')}
        value={own.mmPerSecond}
        options={speeds}
        isDisabled={!state.isCalibrated}
        onChoose={(mmPerSecond) => view.setScale({ ...own, mmPerSecond })}
      />
      <Choice
        label={t('wave.gain')}
        value={own.mmPerMillivolt}
        options={gains}
        onChoose={(mmPerMillivolt) => view.setScale({ ...own, mmPerMillivolt })}
      />
      <Choice label={t('wave.layout')} value={state.layout} options={layouts} onChoose={view.setChosen} />
      <Pages view={view} />
      <span className="ml-auto flex items-center">
        <IconToggle
          icon={state.isTrueSize ? Ruler : Maximize2}
          label={t(state.isTrueSize ? 'wave.fit' : 'wave.trueSize')}
          isSelected={state.isTrueSize}
          onPress={() => view.setTrueSize((isTrue) => !isTrue)}
        />
        <IconButton icon={X} label={t('wave.remove')} isDisabled={!hasLegs} onPress={onRemoveLegs} />
        <IconButton icon={Printer} label={t('wave.print')} onPress={onPrint} />
      </span>
    </div>
  );
}

/** The way through what is longer than a page. */
function Pages({ view: { state, all, page, setSpan } }: Pick<WaveformBarProps, 'view'>) {
  const t = useText('viewer');
  const spanText = useSpanText();
  if (all <= SPANS[0]) return null;
  const options = [...SPANS.filter((span) => span < all), all].map(
    (span) => [span, span === all ? `${t('wave.all')} (${spanText(all)})` : spanText(span)] as const,
  );
  const place = t('wave.place', { from: spanText(state.from), to: spanText(state.from + state.span), all: spanText(all) });
  return (
    <>
      <Choice label={t('wave.span')} value={state.span} options={options} onChoose={setSpan} />
      <IconButton icon={ChevronLeft} label={t('wave.previous')} isDisabled={state.from <= 0} onPress={() => page(-1)} />
      <span role="status" className="text-(--ng-text-dim) tabular-nums">
        {place}
      </span>
      <IconButton
        icon={ChevronRight}
        label={t('wave.next')}
        isDisabled={state.from + state.span >= all}
        onPress={() => page(1)}
      />
    </>
  );
}

import { durationOf, isTwelveLead, type PaperLayout, type PaperScale, USUAL_SCALE, type WaveformGroup } from '@negatoscope/dicom';
import { useMemo, useState } from 'react';

/** Seconds that can be shown at once. */
export const SPANS = [10, 30, 60, 600, 3600] as const;
/** Longer parts are pressed into the width of ten seconds: time is not to scale any more. */
const MOST_CALIBRATED = 60;
const PRESSED_MM = 250;

export interface WaveformState {
  readonly layout: PaperLayout;
  /** Seconds from the beginning of the group, and how many are shown. */
  readonly from: number;
  readonly span: number;
  readonly scale: PaperScale;
  /** Whether time is to scale. */
  readonly isCalibrated: boolean;
  readonly isTrueSize: boolean;
}

const isNarrow = (): boolean => typeof window.matchMedia === 'function' && window.matchMedia('(max-width: 48rem)').matches;

/** Where a group is looked at, and how. */
export function useWaveformState(group: WaveformGroup) {
  const all = durationOf(group);
  const [chosen, setChosen] = useState<PaperLayout>('standard');
  const [from, setFrom] = useState(0);
  const [wanted, setSpan] = useState<number>(SPANS[0]);
  const [own, setScale] = useState<PaperScale>(USUAL_SCALE);
  const [isTrueSize, setTrueSize] = useState(isNarrow);
  const span = Math.min(wanted, all);
  const isCalibrated = span <= MOST_CALIBRATED;
  const isStandard = chosen === 'standard' && isTwelveLead(group) && span <= SPANS[0];
  const scale = useMemo(() => (isCalibrated ? own : { ...own, mmPerSecond: PRESSED_MM / span }), [isCalibrated, own, span]);
  const state: WaveformState = {
    layout: isStandard ? 'standard' : 'rows',
    from: Math.min(from, Math.max(0, all - span)),
    span,
    scale,
    isCalibrated,
    isTrueSize,
  };
  const page = (by: number): void => setFrom(Math.max(0, Math.min(all - span, state.from + by * span)));
  return { state, all, own, page, setChosen, setSpan, setScale, setTrueSize };
}

import { measureOnPaper, type Paper, type PaperScale } from '@negatoscope/dicom';
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { useLocale, useText } from '../../i18n/index.ts';
import { formatValue } from '../model/format.ts';

type Point = readonly [number, number];
/** Two points of the paper, mm. */
export type Legs = readonly [Point, Point];

interface CalipersProps {
  readonly paper: Paper;
  readonly legs: Legs | undefined;
  readonly onLegs: (legs: Legs) => void;
}

const STEPS: Readonly<Record<string, Point>> = {
  ArrowLeft: [-0.5, 0],
  ArrowRight: [0.5, 0],
  ArrowUp: [0, -0.5],
  ArrowDown: [0, 0.5],
};

const inside = (paper: Paper, [x, y]: Point): Point => [
  Math.min(paper.width, Math.max(0, x)),
  Math.min(paper.height, Math.max(0, y)),
];

/** Where a pointer is on the paper, mm. */
function placeOf(event: PointerEvent<SVGElement>, paper: Paper): Point {
  const box = event.currentTarget.getBoundingClientRect();
  const [x, y] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  return inside(paper, [x * paper.width, y * paper.height]);
}

/** By the arrow keys the second leg moves, with shift the first one; without any they begin in the middle. */
const keysOf =
  ({ paper, legs, onLegs }: CalipersProps) =>
  (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const middle = [paper.width / 2, paper.height / 2] as const;
    const [first, second] = legs ?? [middle, middle];
    const moved = (point: Point): Point => inside(paper, [point[0] + step[0], point[1] + step[1]]);
    onLegs(event.shiftKey ? [moved(first), second] : [first, moved(second)]);
  };

/** Two legs that are drawn over the paper by a pointer, and moved by the arrow keys. */
export function Calipers(props: CalipersProps) {
  const t = useText('viewer');
  const { paper, legs, onLegs } = props;
  const drawing = useRef<Point | undefined>(undefined);
  return (
    // biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: what is drawn on has no element of its own in SVG.
    <g
      role="application"
      aria-label={`${t('wave.calipers')}. ${t('wave.calipersHelp')}`}
      tabIndex={0}
      onKeyDown={keysOf(props)}
      className="ng-calipers outline-none"
    >
      <rect
        data-testid="calipers"
        width={paper.width}
        height={paper.height}
        fill="transparent"
        className="cursor-crosshair touch-pan-y"
        onPointerDown={(event) => {
          drawing.current = placeOf(event, paper);
          event.currentTarget.setPointerCapture?.(event.pointerId);
          onLegs([drawing.current, drawing.current]);
        }}
        onPointerMove={(event) => drawing.current !== undefined && onLegs([drawing.current, placeOf(event, paper)])}
        onPointerUp={() => {
          drawing.current = undefined;
        }}
      />
      {legs !== undefined && <DrawnLegs paper={paper} legs={legs} />}
    </g>
  );
}

const DrawnLegs = ({ paper, legs: [[x1, y1], [x2, y2]] }: { readonly paper: Paper; readonly legs: Legs }) => (
  <g className="pointer-events-none" stroke="#0b57d0" strokeWidth={0.35} fill="none">
    <path d={`M${x1} 0V${paper.height}M${x2} 0V${paper.height}`} />
    <path
      d={`M${Math.min(x1, x2)} ${y1}H${Math.max(x1, x2)}M${Math.min(x1, x2)} ${y2}H${Math.max(x1, x2)}`}
      strokeDasharray="1 1"
    />
  </g>
);

interface ReadoutProps {
  readonly legs: Legs | undefined;
  readonly scale: PaperScale;
  /** Whether heights are millivolts. */
  readonly isVoltage: boolean;
}

/** What the calipers measure: milliseconds, beats a minute, millivolts. */
export function CaliperReadout({ legs, scale, isVoltage }: ReadoutProps) {
  const t = useText('viewer');
  const locale = useLocale();
  if (legs === undefined) return <span className="text-(--ng-text-dim)">{t('wave.noCalipers')}</span>;
  const { milliseconds, perMinute, millivolts } = measureOnPaper(legs[0], legs[1], scale);
  const number = (value: number, digits: number): string => formatValue(Number(value.toFixed(digits)), locale);
  const parts = [
    t('wave.milliseconds', { value: number(milliseconds, 0) }),
    perMinute !== undefined && t('wave.perMinute', { value: number(perMinute, 0) }),
    isVoltage && t('wave.millivolts', { value: number(millivolts, 2) }),
  ];
  return (
    <output data-testid="caliper-readout" className="font-medium text-(--ng-text) tabular-nums">
      {parts.filter(Boolean).join(' · ')}
    </output>
  );
}

/** Calipers that measure until they are taken away. */
export const useLegs = () => useState<Legs | undefined>();

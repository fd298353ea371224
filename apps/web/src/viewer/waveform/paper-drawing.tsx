import { gridPath, type Paper, type PaperWindow, type Traces, tracePath } from '@negatoscope/dicom';
import { type ReactNode, useMemo } from 'react';
import { useText } from '../../i18n/index.ts';

interface PaperDrawingProps {
  readonly paper: Paper;
  readonly traces: Traces;
  readonly window: PaperWindow;
  readonly mmPerSecond: number;
  readonly isCalibrated: boolean;
  readonly isTrueSize: boolean;
  readonly children?: ReactNode;
}

/** The paper with its lines: millimetres of the drawing are those of the screen at its true size, and of the printer always. */
export function PaperDrawing({ paper, traces, window, mmPerSecond, isCalibrated, isTrueSize, children }: PaperDrawingProps) {
  const t = useText('viewer');
  const lines = useMemo(
    () => paper.traces.map((trace) => tracePath(trace, traces, window, mmPerSecond)).join(''),
    [paper, traces, window, mmPerSecond],
  );
  const leads = [...new Set(paper.traces.map(({ name }) => name))].join(', ');
  const size = isTrueSize ? { width: `${paper.width}mm`, height: `${paper.height}mm` } : {};
  return (
    // biome-ignore lint/a11y/useSemanticElements: a drawing with calipers in it is no set of fields.
    <svg
      role="group"
      aria-label={t('wave.paper', { leads })}
      data-testid="waveform-paper"
      viewBox={`0 0 ${paper.width} ${paper.height}`}
      {...size}
      className={isTrueSize ? 'max-w-none' : 'w-full'}
    >
      <rect width={paper.width} height={paper.height} fill="#fff" />
      {isCalibrated && <path d={gridPath(paper, 1)} stroke="#f6c9c9" strokeWidth={0.1} fill="none" />}
      {isCalibrated && <path d={gridPath(paper, 5)} stroke="#eb9c9c" strokeWidth={0.2} fill="none" />}
      <path data-testid="waveform-lines" d={lines} stroke="#101820" strokeWidth={0.3} strokeLinejoin="round" fill="none" />
      {paper.traces.map(({ channel, name, x, y, start }) => (
        <text key={`${channel} ${start} ${y}`} x={x + 1} y={y - 10} fontSize={3.6} fill="#101820" fontWeight={600}>
          {name}
        </text>
      ))}
      {children}
    </svg>
  );
}

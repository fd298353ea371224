import { strokeText } from '../strokes/index.ts';
import type { WaveformGroup } from './groups.ts';
import {
  gridPath,
  MARGIN_MM,
  type Paper,
  type PaperLayout,
  type PaperScale,
  type PaperWindow,
  paperHeight,
  paperOf,
  tracePath,
} from './paper.ts';
import type { Traces } from './samples.ts';

export interface WaveformDrawing {
  readonly group: WaveformGroup;
  readonly traces: Traces;
  readonly window: PaperWindow;
  readonly scale: PaperScale;
  readonly layout: PaperLayout;
}

const LABEL_MM = 2.6;
const FOOT_MM = 6;

/** How high the drawing of a group is, mm. */
export const drawingHeight = (group: WaveformGroup, layout: PaperLayout): number => paperHeight(group, layout) + FOOT_MM;

/** What a reader must know of the scale, and the filters of the first channel (C.10.9). */
export function scaleText({ channels }: WaveformGroup, { mmPerSecond, mmPerMillivolt }: PaperScale): string {
  const [first] = channels;
  const [low, high] = [first?.filterLow, first?.filterHigh];
  const filters = low === undefined && high === undefined ? '' : `  ${low ?? ''}-${high ?? ''} Hz`;
  return `${mmPerSecond} mm/s  ${mmPerMillivolt} mm/mV${filters}`;
}

function labelsOf({ traces }: Paper): string {
  return traces.map(({ name, x, y }) => strokeText(name.slice(0, 24), x + 1, y - 13, LABEL_MM)).join('');
}

/** A pulse of 1 mV for 200 ms at the beginning of the lowest row would hide values; the grid is the scale, and its text. */
export function waveformSvg(drawing: WaveformDrawing): string {
  const { traces, window, scale } = drawing;
  const paper = paperOf(drawing);
  const [width, height] = [paper.width, paper.height + FOOT_MM];
  const lines = paper.traces.map((trace) => tracePath(trace, traces, window, scale.mmPerSecond)).join('');
  const foot = strokeText(scaleText(drawing.group, scale), MARGIN_MM, paper.height + 1.5, LABEL_MM);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}mm" height="${height}mm" viewBox="0 0 ${width} ${height}">` +
    `<rect width="${width}" height="${height}" fill="#fff"/>` +
    `<path d="${gridPath(paper, 1)}" stroke="#f6c9c9" stroke-width=".1" fill="none"/>` +
    `<path d="${gridPath(paper, 5)}" stroke="#eb9c9c" stroke-width=".2" fill="none"/>` +
    `<path d="${lines}" stroke="#101820" stroke-width=".25" stroke-linejoin="round" fill="none"/>` +
    `<path d="${labelsOf(paper)}${foot}" stroke="#101820" stroke-width=".3" stroke-linecap="round" stroke-linejoin="round" fill="none"/></svg>\n`
  );
}

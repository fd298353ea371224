import { millivoltsOf } from './channel.ts';
import type { WaveformGroup } from './groups.ts';
import type { Traces } from './samples.ts';

/** How fast the paper runs and how far a millivolt goes. */
export interface PaperScale {
  /** Usually 12.5, 25 or 50. */
  readonly mmPerSecond: number;
  /** Usually 5, 10 or 20. */
  readonly mmPerMillivolt: number;
}
export const USUAL_SCALE: PaperScale = { mmPerSecond: 25, mmPerMillivolt: 10 };

/** `standard`: three rows of four leads, and one of them below for all the time; `rows`: each channel has a row. */
export type PaperLayout = 'standard' | 'rows';

/** What is on the paper: seconds of the group from its beginning. */
export interface PaperWindow {
  readonly from: number;
  readonly seconds: number;
}

/** A line on the paper, mm from its upper left corner. */
export interface PaperTrace {
  /** Index of the channel in its group. */
  readonly channel: number;
  readonly name: string;
  /** Where it begins, and where its zero lies. */
  readonly x: number;
  readonly y: number;
  /** The part of the time that it shows, seconds from the window's beginning. */
  readonly start: number;
  readonly seconds: number;
  /** mm of one unit of the channel. */
  readonly mmPerUnit: number;
}

export interface Paper {
  /** mm. */
  readonly width: number;
  readonly height: number;
  readonly traces: readonly PaperTrace[];
}

export const MARGIN_MM = 5;
const ROW_MM = 30;
const STANDARD = ['I', 'II', 'III', 'aVR', 'aVL', 'aVF', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6'];
/** The row at the bottom, the first of these that is there. */
const RHYTHM = ['II', 'V1', 'I'];

/** Whether a group has the twelve leads. */
export const isTwelveLead = ({ channels }: WaveformGroup): boolean =>
  STANDARD.every((lead) => channels.some(({ name }) => name === lead));

/** What fills two thirds of a row, for values that are no voltage: 1, 2 or 5 of a power of ten in a millimetre. */
function roundedScale(values: Float64Array | undefined): number {
  let [least, most] = [0, 0];
  for (const value of values ?? []) if (!Number.isNaN(value)) [least, most] = [Math.min(least, value), Math.max(most, value)];
  const perMm = (most - least) / ((ROW_MM * 2) / 3);
  if (!(perMm > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(perMm));
  const step = [1, 2, 5, 10].find((one) => one * power >= perMm) ?? 10;
  return 1 / (step * power);
}

interface Making {
  readonly group: WaveformGroup;
  readonly traces: Traces;
  readonly window: PaperWindow;
  readonly scale: PaperScale;
}

function traceOf(
  { group, traces, scale }: Making,
  channel: number,
  place: Pick<PaperTrace, 'x' | 'y' | 'start' | 'seconds'>,
): PaperTrace {
  const { name = '', unit } = group.channels[channel] ?? {};
  const millivolts = millivoltsOf(unit);
  const mmPerUnit = millivolts === undefined ? roundedScale(traces.values[channel]) : millivolts * scale.mmPerMillivolt;
  return { channel, name, ...place, mmPerUnit };
}

const rowMiddle = (row: number): number => MARGIN_MM + ROW_MM * (row + 0.5);

function standardTraces(making: Making): PaperTrace[] {
  const { group, window, scale } = making;
  const indexOf = (lead: string): number => group.channels.findIndex(({ name }) => name === lead);
  const seconds = window.seconds / 4;
  const leads = STANDARD.map((lead, at) => {
    const [column, row] = [Math.floor(at / 3), at % 3];
    const start = column * seconds;
    return traceOf(making, indexOf(lead), { x: MARGIN_MM + start * scale.mmPerSecond, y: rowMiddle(row), start, seconds });
  });
  const rhythm = indexOf(RHYTHM.find((lead) => indexOf(lead) >= 0) ?? 'II');
  return [...leads, traceOf(making, rhythm, { x: MARGIN_MM, y: rowMiddle(3), start: 0, seconds: window.seconds })];
}

const isStandardOf = (group: WaveformGroup, layout: PaperLayout): boolean => layout === 'standard' && isTwelveLead(group);

/** How high the paper of a group is, mm. */
export const paperHeight = (group: WaveformGroup, layout: PaperLayout): number =>
  (isStandardOf(group, layout) ? 4 : group.channels.length) * ROW_MM + 2 * MARGIN_MM;

/** Lays a group's channels out on paper, each line at a scale that is true (PS3.3 C.10.9; 25 mm/s and 10 mm/mV are what readers know). */
export function paperOf(making: Making & { readonly layout: PaperLayout }): Paper {
  const { group, window, scale, layout } = making;
  const traces = isStandardOf(group, layout)
    ? standardTraces(making)
    : group.channels.map((_, channel) =>
        traceOf(making, channel, { x: MARGIN_MM, y: rowMiddle(channel), start: 0, seconds: window.seconds }),
      );
  return { width: window.seconds * scale.mmPerSecond + 2 * MARGIN_MM, height: paperHeight(group, layout), traces };
}

const written = (mm: number): string => mm.toFixed(2);

/** The line of a channel as SVG path data in mm; it is broken where nothing was measured. */
export function tracePath(trace: PaperTrace, { kind, values }: Traces, window: PaperWindow, mmPerSecond: number): string {
  const own = values[trace.channel] ?? new Float64Array(0);
  const perValue = kind === 'samples' ? window.seconds / own.length : window.seconds / (own.length / 2);
  const step = kind === 'samples' ? 1 : 2;
  const first = Math.max(0, Math.floor(trace.start / perValue)) * step;
  const end = Math.min(own.length, Math.ceil((trace.start + trace.seconds) / perValue) * step + (kind === 'samples' ? 1 : 0));
  const parts: string[] = [];
  let isOpen = false;
  for (let at = first; at < end; at += 1) {
    const value = own[at] ?? Number.NaN;
    if (Number.isNaN(value)) {
      isOpen = false;
      continue;
    }
    const time = Math.floor(at / step) * perValue - trace.start;
    parts.push(`${isOpen ? 'L' : 'M'}${written(trace.x + time * mmPerSecond)} ${written(trace.y - value * trace.mmPerUnit)}`);
    isOpen = true;
  }
  return parts.join('');
}

/** Of a sheet with more nobody tells a line from the next: 40 m. */
const MOST_LINES = 40_000;

/** Lines of the grid as SVG path data: every millimetre, or every fifth; none on a sheet that no paper is as long as, whatever a file says of its time. */
export function gridPath({ width, height }: Pick<Paper, 'width' | 'height'>, stepMm: 1 | 5): string {
  if (!(Math.max(width, height) / stepMm < MOST_LINES)) return '';
  const lines: string[] = [];
  for (let x = 0; x <= width; x += stepMm) lines.push(`M${x} 0V${height}`);
  for (let y = 0; y <= height; y += stepMm) lines.push(`M0 ${y}H${width}`);
  return lines.join('');
}

import { decodeBase64 } from '../base64.ts';
import { readItems, readNumber, readString } from '../json-readers.ts';
import type { DicomJsonElement, DicomJsonObject } from '../types.ts';
import { type Channel, channelOf } from './channel.ts';

/** Waveform Module (PS3.3 C.10.9). */
const TAG = {
  sequence: '54000100',
  label: '003A0020',
  channels: '003A0005',
  samples: '003A0010',
  frequency: '003A001A',
  definitions: '003A0200',
  bits: '54001004',
  interpretation: '54001006',
  padding: '5400100A',
  data: '54001010',
} as const;

/** How samples are written: Waveform Sample Interpretation (5400,1006), of those that are linear. */
export type SampleForm = 'SB' | 'UB' | 'SS' | 'US' | 'SL' | 'UL';
const BYTES: Readonly<Record<SampleForm, 1 | 2 | 4>> = { SB: 1, UB: 1, SS: 2, US: 2, SL: 4, UL: 4 };
const isForm = (text: string): text is SampleForm => Object.hasOwn(BYTES, text);

/** Why a group can't be drawn: mu-law and A-law are sound, not values of a scale (C.10.9.1.5); what contradicts itself has no true time. */
export type WaveformProblem = 'COMPANDED' | 'UNKNOWN_FORM' | 'NO_FREQUENCY' | 'NO_CHANNELS' | 'NO_DATA' | 'TOO_MANY_CHANNELS';

/** One multiplex group: channels that were sampled at the same times (C.10.9.1). */
export interface WaveformGroup {
  readonly label: string | undefined;
  readonly channels: readonly Channel[];
  /** Samples of each channel. */
  readonly samples: number;
  /** Hz. */
  readonly frequency: number;
  readonly form: SampleForm;
  readonly sampleBytes: 1 | 2 | 4;
  /** The stored value that stands where nothing was measured; undefined when there is none. */
  readonly padding: number | undefined;
  /** Where the samples are: inline or bulk (PS3.18 F.2.6). */
  readonly data: DicomJsonElement;
}

export type FoundGroup =
  | { readonly kind: 'group'; readonly index: number; readonly group: WaveformGroup }
  | { readonly kind: 'refused'; readonly index: number; readonly label: string | undefined; readonly problem: WaveformProblem };

const MOST_GROUPS = 64;
const MOST_CHANNELS = 512;

/** Padding is stored as samples are, in bytes of the same form (C.10.9.1.7). */
function paddingOf(item: DicomJsonObject, form: SampleForm): number | undefined {
  const text = item[TAG.padding]?.InlineBinary;
  if (text === undefined) return readNumber(item, TAG.padding);
  const bytes = decodeBase64(text);
  const width = BYTES[form];
  return bytes.length < width ? undefined : sampleReader(form)(new DataView(bytes.buffer, bytes.byteOffset), 0);
}

/** Reads one little endian sample. */
export function sampleReader(form: SampleForm): (view: DataView, offset: number) => number {
  switch (form) {
    case 'SB':
      return (view, offset) => view.getInt8(offset);
    case 'UB':
      return (view, offset) => view.getUint8(offset);
    case 'SS':
      return (view, offset) => view.getInt16(offset, true);
    case 'US':
      return (view, offset) => view.getUint16(offset, true);
    case 'SL':
      return (view, offset) => view.getInt32(offset, true);
    case 'UL':
      return (view, offset) => view.getUint32(offset, true);
  }
}

function problemOf(item: DicomJsonObject, form: string): WaveformProblem | undefined {
  const count = readNumber(item, TAG.channels) ?? 0;
  if (form === 'MB' || form === 'AB') return 'COMPANDED';
  if (!isForm(form) || readNumber(item, TAG.bits) !== BYTES[form] * 8) return 'UNKNOWN_FORM';
  const frequency = readNumber(item, TAG.frequency) ?? 0;
  if (!(frequency > 0 && Number.isFinite(frequency))) return 'NO_FREQUENCY';
  if (!Number.isInteger(count) || count < 1 || readItems(item, TAG.definitions).length !== count) return 'NO_CHANNELS';
  if (count > MOST_CHANNELS) return 'TOO_MANY_CHANNELS';
  const data = item[TAG.data];
  return data?.BulkDataURI === undefined && data?.InlineBinary === undefined ? 'NO_DATA' : undefined;
}

function groupOf(item: DicomJsonObject, index: number): FoundGroup {
  const form = readString(item, TAG.interpretation) ?? '';
  const label = readString(item, TAG.label);
  const problem = problemOf(item, form);
  const data = item[TAG.data];
  if (problem !== undefined || !isForm(form) || data === undefined)
    return { kind: 'refused', index, label, problem: problem ?? 'NO_DATA' };
  const frequency = readNumber(item, TAG.frequency) ?? 1;
  const group: WaveformGroup = {
    label,
    channels: readItems(item, TAG.definitions).map((channel, number) => channelOf(channel, number, frequency)),
    samples: Math.max(0, Math.trunc(readNumber(item, TAG.samples) ?? 0)),
    frequency,
    form,
    sampleBytes: BYTES[form],
    padding: paddingOf(item, form),
    data,
  };
  return { kind: 'group', index, group };
}

/** The multiplex groups of an instance, in their order (PS3.3 C.10.9); none of what has no waveform. Those that can't be drawn say why. */
export const waveformGroupsOf = (dataset: DicomJsonObject): readonly FoundGroup[] =>
  readItems(dataset, TAG.sequence).slice(0, MOST_GROUPS).map(groupOf);

/** Whether an instance has waveforms at all. */
export const hasWaveforms = (dataset: DicomJsonObject): boolean => dataset[TAG.sequence] !== undefined;

/** Seconds that a group lasts. */
export const durationOf = ({ samples, frequency }: WaveformGroup): number => samples / frequency;

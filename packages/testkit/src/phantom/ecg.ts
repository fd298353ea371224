import type { Dataset } from '../part10/dataset.ts';
import { buildInstance, type GeneratedInstance, type PhantomOptions, sampleBytes } from './instance.ts';

export interface EcgOptions extends PhantomOptions {
  /** Hz; default 500. */
  readonly frequency?: number;
  /** Default 10. */
  readonly seconds?: number;
  /** Names of the channels; default the twelve leads. */
  readonly leads?: readonly string[];
  /** Beats a minute; default 72. */
  readonly rate?: number;
  readonly instanceNumber?: number;
}

export const TWELVE_LEADS = ['I', 'II', 'III', 'aVR', 'aVL', 'aVF', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6'] as const;
/** Height of each lead's R wave in millivolts, as wide apart as those of a heart that is well. */
const HEIGHTS = [0.7, 1.1, 0.4, -0.9, 0.2, 0.75, -0.6, 0.5, 0.9, 1.5, 1.3, 1];

const bump = (phase: number, at: number, width: number): number => Math.exp(-(((phase - at) / width) ** 2));

/** A beat, phase from 0 to 1, in parts of its R wave: P, Q, R, S and T. */
const beat = (phase: number): number =>
  0.12 * bump(phase, 0.2, 0.035) -
  0.1 * bump(phase, 0.345, 0.01) +
  bump(phase, 0.37, 0.014) -
  0.18 * bump(phase, 0.395, 0.012) +
  0.25 * bump(phase, 0.62, 0.06);

/** The stored value of a lead at a moment: 2.5 µV a step. */
export function ecgSample(
  lead: number,
  moment: number,
  { frequency = 500, rate = 72 }: Pick<EcgOptions, 'frequency' | 'rate'>,
): number {
  const phase = ((moment / frequency) * (rate / 60)) % 1;
  return Math.round((beat(phase) * (HEIGHTS[lead % HEIGHTS.length] ?? 1) * 1000) / 2.5);
}

const code = (value: string, scheme: string, meaning: string): Dataset => ({
  CodeValue: value,
  CodingSchemeDesignator: scheme,
  CodeMeaning: meaning,
});

function channelDefinition(name: string): Dataset {
  return {
    '003A0203': { vr: 'SH', value: name },
    '003A0208': { vr: 'SQ', value: [code(`T-${name}`, '99TEST', `Lead ${name}`)] },
    '003A0210': { vr: 'DS', value: '2.5' },
    '003A0211': { vr: 'SQ', value: [code('uV', 'UCUM', 'microvolt')] },
    '003A0212': { vr: 'DS', value: '1' },
    '003A0213': { vr: 'DS', value: '0' },
    '003A0215': { vr: 'DS', value: '0' },
    '003A021A': { vr: 'US', value: 16 },
    '003A0220': { vr: 'DS', value: '0.05' },
    '003A0221': { vr: 'DS', value: '150' },
  };
}

/** An ECG of 16-bit samples (PS3.3 A.34.3), every value of it by {@link ecgSample}: a heart that never was. */
export function ecg(options: EcgOptions): GeneratedInstance {
  const { frequency = 500, seconds = 10, leads = TWELVE_LEADS } = options;
  const moments = Math.round(frequency * seconds);
  const values = new Int16Array(moments * leads.length);
  for (let moment = 0; moment < moments; moment += 1)
    for (let lead = 0; lead < leads.length; lead += 1) values[moment * leads.length + lead] = ecgSample(lead, moment, options);
  const group: Dataset = {
    '003A0004': { vr: 'CS', value: 'ORIGINAL' },
    '003A0005': { vr: 'US', value: leads.length },
    '003A0010': { vr: 'UL', value: moments },
    '003A001A': { vr: 'DS', value: String(frequency) },
    '003A0200': { vr: 'SQ', value: leads.map(channelDefinition) },
    '54001004': { vr: 'US', value: 16 },
    '54001006': { vr: 'CS', value: 'SS' },
    '54001010': { vr: 'OW', value: sampleBytes(values) },
  };
  return buildInstance('ECG', options, {
    SOPClassUID: leads.length === 12 ? '1.2.840.10008.5.1.4.1.1.9.1.1' : '1.2.840.10008.5.1.4.1.1.9.1.2',
    Modality: 'ECG',
    InstanceNumber: options.instanceNumber ?? 1,
    '54000100': { vr: 'SQ', value: [group] },
  });
}

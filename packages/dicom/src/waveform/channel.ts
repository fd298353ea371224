import { readItems, readNumber, readString } from '../json-readers.ts';
import type { DicomJsonObject } from '../types.ts';

/** Channel Definition Sequence (PS3.3 C.10.9, Table C.10-10). */
const TAG = {
  label: '003A0203',
  source: '003A0208',
  sensitivity: '003A0210',
  unit: '003A0211',
  correction: '003A0212',
  baseline: '003A0213',
  timeSkew: '003A0214',
  sampleSkew: '003A0215',
  filterLow: '003A0220',
  filterHigh: '003A0221',
  notch: '003A0222',
  codeValue: '00080100',
  codeMeaning: '00080104',
} as const;

/** What is known of a channel. */
export interface Channel {
  /** As people name it: `aVR`, `V1`; else the label, the source's meaning or its number. */
  readonly name: string;
  /** Units for one step of the stored value, corrected (C.10.9.1.4.2); 1 where the values have no scale. */
  readonly scale: number;
  /** What a stored 0 is, in units. */
  readonly baseline: number;
  /** UCUM code; undefined where the values have no scale. */
  readonly unit: string | undefined;
  /** Hz of the filters, undefined where none is named: high-pass, low-pass, notch. */
  readonly filterLow: number | undefined;
  readonly filterHigh: number | undefined;
  readonly notch: number | undefined;
  /** Seconds by which its samples are later than those of the group. */
  readonly skew: number;
}

/** The twelve leads as they are named by label or by source (`Lead aVR`, `Lead I (Einthoven)`). */
const LEAD = /^(?:lead\s*)?(aV[RLF]|V[1-9]R?|I{1,3}|X|Y|Z)(?:\s*\(.*\))?$/i;
const AUGMENTED: Readonly<Record<string, string>> = { AVR: 'aVR', AVL: 'aVL', AVF: 'aVF' };

function leadOf(text: string | undefined): string | undefined {
  const found = LEAD.exec(text?.trim() ?? '')?.[1]?.toUpperCase();
  return found === undefined ? undefined : (AUGMENTED[found] ?? found);
}

/** A channel by its definition, `number` from 0; `frequency` in Hz of its group. */
export function channelOf(item: DicomJsonObject, number: number, frequency: number): Channel {
  const [source] = readItems(item, TAG.source);
  const [unit] = readItems(item, TAG.unit);
  const [label, meaning] = [readString(item, TAG.label), readString(source, TAG.codeMeaning)];
  const sensitivity = readNumber(item, TAG.sensitivity);
  const skewSamples = readNumber(item, TAG.sampleSkew) ?? 0;
  return {
    name: leadOf(label) ?? leadOf(meaning) ?? label ?? meaning ?? String(number + 1),
    scale: sensitivity === undefined ? 1 : sensitivity * (readNumber(item, TAG.correction) ?? 1),
    baseline: sensitivity === undefined ? 0 : (readNumber(item, TAG.baseline) ?? 0),
    unit: sensitivity === undefined ? undefined : readString(unit, TAG.codeValue),
    filterLow: readNumber(item, TAG.filterLow),
    filterHigh: readNumber(item, TAG.filterHigh),
    notch: readNumber(item, TAG.notch),
    skew: readNumber(item, TAG.timeSkew) ?? skewSamples / frequency,
  };
}

const MILLIVOLTS: Readonly<Record<string, number>> = { mV: 1, uV: 1e-3, µV: 1e-3, nV: 1e-6, V: 1e3 };

/** Millivolts of one unit; undefined for what is no voltage. */
export const millivoltsOf = (unit: string | undefined): number | undefined =>
  unit !== undefined && Object.hasOwn(MILLIVOLTS, unit) ? MILLIVOLTS[unit] : undefined;

import type { DicomJsonElement, DicomJsonObject } from '@negatoscope/dicom';
import { keyText } from '../ask/identifier.ts';
import { isLike } from './matching.ts';

/** A film that is asked for, as the clinic has it. Names are PN values, days `YYYY-MM-DD`. */
export interface WantedFilm {
  /** Names it, as SH: in Accession Number, Requested Procedure ID and Scheduled Procedure Step ID alike, for one order is one step. */
  readonly number: string;
  readonly studyInstanceUid: string;
  /** What may make it; the first one is what was asked for. */
  readonly modalities: readonly string[];
  readonly bodyPart: string;
  /** A device has begun with it. */
  readonly isBegun: boolean;
  readonly reason: string;
  readonly day: string;
  readonly orderedAt: Date;
  readonly orderedBy: string;
  readonly weightKg: number | null;
  readonly heightCm: number | null;
  readonly patient: {
    readonly id: string;
    readonly number: string;
    /** PN, with all its groups. */
    readonly name: string;
    readonly birthDate: string | null;
    readonly sex: string;
  };
}

export const STEP = '00400100';
const MODALITY = '00080060';
const STATION = '00400001';

const PARTS = ['Alphabetic', 'Ideographic', 'Phonetic'] as const;
const text = (vr: string, value: string | number | null): DicomJsonElement =>
  value === null || value === '' ? { vr } : { vr, Value: [value] };
const short = (value: string, most: number): string => [...value].slice(0, most).join('').trim();
const day = (value: string | null): DicomJsonElement => text('DA', value?.replaceAll('-', '') ?? null);

function name(value: string): DicomJsonElement {
  // A group of components has 64 characters (PS3.5 6.2).
  const groups = value.split('=', PARTS.length).map((group) => short(group.replace(/[\s^]+$/, ''), 64));
  const parts = PARTS.flatMap((part, index) => (groups[index] ? [[part, groups[index]] as const] : []));
  return parts.length === 0 ? { vr: 'PN' } : { vr: 'PN', Value: [Object.fromEntries(parts)] };
}

/** In the time of the machine: a modality shows it, and clinics have their server with them. */
const clock = (at: Date): string =>
  [at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => String(part).padStart(2, '0')).join('');

/** The first of several that a key asks for; the first of all where it asks for any. */
function chosen(alternatives: readonly string[], key: DicomJsonElement | undefined): string | undefined {
  const asked = (key === undefined ? '' : keyText(key)).split('\\').map((one) => one.trim());
  if (asked.every((one) => one === '')) return alternatives[0];
  return alternatives.find((own) => asked.some((one) => isLike(own, one)));
}

const LO = 64;

function stepOf(film: WantedFilm, station: string, modality: string): DicomJsonObject {
  return {
    [MODALITY]: text('CS', modality),
    '00321070': { vr: 'LO' },
    [STATION]: text('AE', station),
    '00400002': day(film.day),
    '00400003': text('TM', clock(film.orderedAt)),
    '00400006': { vr: 'PN' },
    '00400007': text('LO', describe(film)),
    '00400009': text('SH', film.number),
    '00400010': { vr: 'SH' },
    '00400011': { vr: 'SH' },
    '00400012': { vr: 'LO' },
    '00400020': text('CS', film.isBegun ? 'STARTED' : 'SCHEDULED'),
  };
}

/** In defined terms of PS3.3, which are read in every language. */
const describe = ({ modalities: [modality = ''], bodyPart }: WantedFilm): string => short(`${modality} ${bodyPart}`, LO);

/**
 * A film as an item of a worklist (PS3.4 table K.6-1), with every attribute of type 1 and 2 (codes of procedures and protocols are 1C: it is described), for who asks with these keys: at one of these stations, by one of
 * the modalities that may make it. Undefined where it is none of those that are asked for.
 */
export function itemFor(film: WantedFilm, stations: readonly string[], keys: DicomJsonObject): DicomJsonObject | undefined {
  const asked = (keys[STEP]?.Value?.[0] ?? {}) as DicomJsonObject; // An item: that it is a sequence was looked at.
  const station = chosen(stations, asked[STATION]);
  const modality = chosen(film.modalities, asked[MODALITY]);
  if (station === undefined || modality === undefined) return undefined;
  const { patient, reason, orderedBy } = film;
  const number = text('SH', film.number);
  return {
    '00080050': number,
    '00080090': name(orderedBy),
    '00081110': { vr: 'SQ' },
    '00081120': { vr: 'SQ' },
    '00100010': name(patient.name),
    '00100020': text('LO', short(patient.number, LO)),
    '00100021': { vr: 'LO' },
    '00100030': day(patient.birthDate),
    '00100040': text('CS', patient.sex === 'U' ? null : patient.sex),
    '00101020': text('DS', film.heightCm === null ? null : String(film.heightCm / 100)),
    '00101030': text('DS', film.weightKg === null ? null : String(film.weightKg)),
    '00102000': { vr: 'LO' },
    '00102110': { vr: 'LO' },
    '001021C0': { vr: 'US' },
    '0020000D': text('UI', film.studyInstanceUid),
    '00321032': name(orderedBy),
    '00321060': text('LO', describe(film)),
    '00380010': { vr: 'LO' },
    '00380050': { vr: 'LO' },
    '00380300': { vr: 'LO' },
    '00380500': { vr: 'LO' },
    [STEP]: { vr: 'SQ', Value: [stepOf(film, station, modality)] },
    '00401001': number,
    '00401002': text('LO', short(reason, LO)),
    '00401003': { vr: 'SH' },
    '00401004': { vr: 'LO' },
    '00401400': text('LT', reason),
    '00403001': { vr: 'LO' },
  };
}

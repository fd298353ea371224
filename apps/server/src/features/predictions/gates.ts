import type { PredictionFailure, PredictionWarning } from '@negatoscope/contract';
import { type DicomJsonObject, jsonNumber, jsonString, jsonStrings } from '@negatoscope/dicom';
import type { StudyRow } from '../../archive/records/study-rows.ts';
import type { Manifest } from './models/manifest.ts';

/** What the archive knows of a film, beside its header. */
export interface KnownOf {
  /** `YYYY-MM-DD`. */
  readonly birthDate: string | null;
  readonly studyDate: string | null;
  /** As somebody says who sends a film. */
  readonly ageYears?: number | null;
}

export const knownOfStudy = ({ birth_date, study_date }: Pick<StudyRow, 'birth_date' | 'study_date'>): KnownOf => ({
  birthDate: birth_date,
  studyDate: study_date,
});

type LeastAge = Pick<Manifest['gates'], 'minAgeYears'>;

export interface GateOfHeader {
  readonly refusal: PredictionFailure | undefined;
  readonly warnings: readonly PredictionWarning[];
}

/** Value 4 of Image Type (0008,0008) of a heat map over its film. */
export const MODEL_EVIDENCE = 'MODEL_EVIDENCE';

const CHEST = /CHEST|THORA|LUNG|POUMON|BRUST|TORAX/;
/** Left and right lateral, lying ones too (PS3.3 C.8.1.1 View Position; C.8.11.5.1.1). */
const LATERAL_VIEWS = new Set(['LL', 'RL', 'LLD', 'RLD', 'LAT', 'LATERAL']);
const FRONTAL_VIEWS = new Set(['PA', 'AP']);
/** View Code Sequence: right and left lateral (PS3.16 CID 4010), as SNOMED RT and SNOMED CT. */
const LATERAL_CODES = new Set(['R-10228', 'R-10232', 'R-10236', '399067008', '399198007', '399173006']);
const LATERAL_WORDS = /\b(?:lat|lateral|laterale|profil|profile|ll|rl)\b/i;
const CAPTURE_CLASS = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.7(?:\.[1-4])?$/;
/** Of captures, which say what they are of or nothing. */
const VAGUE = new Set(['OT', '']);
const MOST_YEARS = 130;

const upper = (text: string | undefined): string => (text ?? '').trim().toUpperCase();

function itemsOf(json: DicomJsonObject, tag: string): DicomJsonObject[] {
  const values: unknown = json[tag]?.Value;
  return Array.isArray(values) ? values.filter((item): item is DicomJsonObject => typeof item === 'object' && item !== null) : [];
}

/** Whether the header says that the film was taken from the side: by its view, its coded view, the patient's orientation, or its words where nothing else says. */
export function isLateral(json: DicomJsonObject): boolean {
  const view = upper(jsonString(json, '00185101'));
  if (LATERAL_VIEWS.has(view)) return true;
  if (FRONTAL_VIEWS.has(view)) return false;
  const codes = itemsOf(json, '00540220');
  const isCoded = codes.some(
    (item) =>
      LATERAL_CODES.has(jsonString(item, '00080100') ?? '') ||
      /^(?:left |right )?lateral$/i.test(jsonString(item, '00080104') ?? ''),
  );
  if (isCoded) return true;
  const [across = ''] = jsonStrings(json, '00200020');
  if (/^[AP]/.test(upper(across))) return true;
  if (/^[LR]/.test(upper(across)) || codes.length > 0) return false;
  const words = ['0008103E', '00181030', '00181400'].map((tag) => jsonString(json, tag) ?? '').join(' ');
  return LATERAL_WORDS.test(words.replaceAll('_', ' '));
}

/** Patient's Age (0010,1010), years; undefined for what is none (PS3.5 6.2, AS). */
export function ageOfHeader(json: DicomJsonObject): number | undefined {
  const [, count, unit] = /^(\d{3})([DWMY])$/.exec(upper(jsonString(json, '00101010'))) ?? [];
  if (count === undefined) return undefined;
  const perYear = { D: 365.25, W: 52.18, M: 12, Y: 1 }[unit ?? 'Y'] ?? 1;
  return Number(count) / perYear;
}

const dateOf = (text: string | null | undefined): number => {
  const [, year, month, day] = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(text ?? '') ?? [];
  return year === undefined ? Number.NaN : Date.UTC(Number(year), Number(month) - 1, Number(day));
};

/** Whole years between two dates; undefined where one is unknown or they are no age of anybody. */
export function yearsBetween(birth: string | null | undefined, on: string | null | undefined): number | undefined {
  const [from, to] = [dateOf(birth), dateOf(on)];
  if (Number.isNaN(from) || Number.isNaN(to)) return undefined;
  const [b, d] = [new Date(from), new Date(to)];
  const hadBirthday = d.getUTCMonth() * 32 + d.getUTCDate() >= b.getUTCMonth() * 32 + b.getUTCDate();
  const years = d.getUTCFullYear() - b.getUTCFullYear() - (hadBirthday ? 0 : 1);
  return years < 0 || years > MOST_YEARS ? undefined : years;
}

/** How old the patient was: by the record, else by the header; the youngest of what contradicts. Undefined where nothing says. */
export function ageOf(json: DicomJsonObject, { birthDate, studyDate, ageYears }: KnownOf): number | undefined {
  const on = studyDate ?? jsonString(json, '00080020');
  const ages = [
    ageYears ?? undefined,
    yearsBetween(birthDate, on),
    yearsBetween(jsonString(json, '00100030'), on),
    ageOfHeader(json),
  ].filter((age): age is number => age !== undefined);
  return ages.length === 0 ? undefined : Math.min(...ages);
}

/** Whether a model must not be asked of somebody of this age; one that nothing tells is warned of. */
export const isUnder = (age: number | undefined, { minAgeYears }: LeastAge): boolean => age !== undefined && age < minAgeYears;

/** The same of the record alone, which may name another patient or birth date than when the film was looked at. `before`: the film was taken by then, where no date of its study says when. */
export const isTooYoung = ({ birthDate, studyDate }: KnownOf, before: Date, least: LeastAge): boolean =>
  isUnder(ageOf({}, { birthDate, studyDate: studyDate ?? before.toISOString().slice(0, 10) }), least);

function isOfKind(json: DicomJsonObject, { modalities }: Manifest['gates']): boolean {
  const modality = upper(jsonString(json, '00080060'));
  const isCapture = CAPTURE_CLASS.test(jsonString(json, '00080016') ?? '');
  return modalities.includes(modality) || (isCapture && VAGUE.has(modality));
}

/** What a film is refused for by what is known of it, before its pixels are looked at, and what must be said beside a score. */
export function gateOfHeader(json: DicomJsonObject, known: KnownOf, gates: Manifest['gates']): GateOfHeader {
  const part = upper(jsonString(json, '00180015'));
  const frames = jsonNumber(json, '00280008') ?? 1;
  const age = ageOf(json, known);
  const warnings: PredictionWarning[] = age === undefined ? ['AGE_UNKNOWN'] : [];
  const refusal = (): PredictionFailure | undefined => {
    if (isUnder(age, gates)) return 'UNDER_AGE';
    // What was made of a model's own answer is no film.
    if (jsonStrings(json, '00080008').includes(MODEL_EVIDENCE)) return 'NOT_A_CHEST';
    if (!isOfKind(json, gates) || frames > 1 || (part !== '' && !CHEST.test(part))) return 'NOT_A_CHEST';
    return isLateral(json) ? 'LATERAL' : undefined;
  };
  return { refusal: refusal(), warnings };
}

/** What clinic and page know of a consultation; nothing but data and plain functions, so that the page carries no schemas. */

export const CONSULTATION_STATUSES = ['WAITING', 'IN_PROGRESS', 'DONE', 'CANCELLED'] as const;
export type ConsultationStatus = (typeof CONSULTATION_STATUSES)[number];

/** Where a consultation goes from where it stands. Back is only what undoes one's own last move. */
export const CONSULTATION_MOVES: Readonly<Record<ConsultationStatus, readonly ConsultationStatus[]>> = {
  WAITING: ['IN_PROGRESS', 'CANCELLED'],
  IN_PROGRESS: ['DONE', 'CANCELLED'],
  DONE: [],
  CANCELLED: [],
};
/** For how long who made the last move may take it back. */
export const UNDO_MOVE_MS = 10 * 60_000;

/** Modalities (PS3.3 C.7.3.1.1.1) that are ordered from a consultation. */
export const ORDER_MODALITIES = ['DX', 'CT', 'MR', 'US', 'MG'] as const;
/** Body Part Examined (PS3.16 Annex L). */
export const ORDER_BODY_PARTS = [
  'CHEST',
  'ABDOMEN',
  'SKULL',
  'SPINE',
  'PELVIS',
  'SHOULDER',
  'ARM',
  'HAND',
  'KNEE',
  'LEG',
  'FOOT',
] as const;

/** How far a modality is with what was ordered (PS3.4 F.7.2): it is done when its film is there. */
export const STEP_STATUSES = ['IN_PROGRESS', 'COMPLETED', 'DISCONTINUED'] as const;

/**
 * Vital signs: units in UCUM, the LOINC code by which FHIR's profile of vital signs knows each, the range out of which a value is a slip of the pen and is refused, and
 * the range out of which it is marked. Marked: temperature, pulse, breathing and saturation outside of the score 0 of NEWS2 (Royal College of Physicians, 2017), but
 * for a pulse of 50; blood pressure from 140/90 on (WHO, hypertension in adults, 2021) or under 90/60. Weight and height are never marked by themselves.
 */
export const VITAL_SIGNS = {
  temperatureC: { unit: 'Cel', loinc: '8310-5', hard: [25, 45], usual: [36.1, 38] },
  heartRateBpm: { unit: '/min', loinc: '8867-4', hard: [20, 300], usual: [50, 90] },
  respiratoryRatePerMin: { unit: '/min', loinc: '9279-1', hard: [4, 120], usual: [12, 20] },
  systolicMmHg: { unit: 'mm[Hg]', loinc: '8480-6', hard: [40, 300], usual: [90, 139] },
  diastolicMmHg: { unit: 'mm[Hg]', loinc: '8462-4', hard: [10, 200], usual: [60, 89] },
  spo2Percent: { unit: '%', loinc: '2708-6', hard: [30, 100], usual: [96, 100] },
  weightKg: { unit: 'kg', loinc: '29463-7', hard: [0.3, 400], usual: null },
  heightCm: { unit: 'cm', loinc: '8302-2', hard: [20, 250], usual: null },
} as const satisfies Record<string, Entry>;
interface Entry {
  readonly unit: string;
  readonly loinc: string;
  readonly hard: readonly [number, number];
  readonly usual: readonly [number, number] | null;
}

export type VitalSign = keyof typeof VITAL_SIGNS;
export const VITAL_SIGN_NAMES = Object.keys(VITAL_SIGNS) as [VitalSign, ...VitalSign[]];

/** A value that was not taken is null. */
export type VitalSigns = Readonly<Record<VitalSign, number | null>>;

/** From this age on the usual ranges, which are those of adults, say something of pulse, breathing and blood pressure. */
const ADULT_FROM = 15;
const OF_EVERY_AGE: ReadonlySet<VitalSign> = new Set(['temperatureC', 'spo2Percent']);

/** What is outside of its usual range. `ageYears`: null where it is not known, which counts as an adult's. */
export const unusualSigns = (signs: VitalSigns, ageYears: number | null): VitalSign[] =>
  VITAL_SIGN_NAMES.filter((name) => {
    const { usual } = VITAL_SIGNS[name];
    const value = signs[name];
    if (usual === null || value === null) return false;
    if ((ageYears ?? ADULT_FROM) < ADULT_FROM && !OF_EVERY_AGE.has(name)) return false;
    return value < usual[0] || value > usual[1];
  });

/** What can't be: values outside of their hard range, and a diastolic pressure that is not below the systolic one; each with what it must be, e.g. `25 to 45 Cel`. */
export function impossibleSigns(signs: VitalSigns): { readonly name: VitalSign; readonly mustBe: string }[] {
  const found: { name: VitalSign; mustBe: string }[] = VITAL_SIGN_NAMES.flatMap((name) => {
    const { hard, unit } = VITAL_SIGNS[name];
    const value = signs[name];
    return value === null || (value >= hard[0] && value <= hard[1]) ? [] : [{ name, mustBe: `${hard[0]} to ${hard[1]} ${unit}` }];
  });
  const { systolicMmHg: systolic, diastolicMmHg: diastolic } = signs;
  if (found.length === 0 && systolic !== null && diastolic !== null && diastolic >= systolic)
    found.push({ name: 'diastolicMmHg', mustBe: 'below the systolic pressure' });
  return found;
}

/** kg/m², one decimal; null without both. */
export const bodyMassIndex = ({ weightKg, heightCm }: VitalSigns): number | null =>
  weightKg === null || heightCm === null ? null : Math.round((weightKg / (heightCm / 100) ** 2) * 10) / 10;

/**
 * What is asked of somebody who may have tuberculosis: the four symptoms of the WHO's screen (cough, fever, night sweats, weight loss), a cough of two weeks or more, signs
 * that speak for the lungs, and what makes it likelier (WHO consolidated guidelines on tuberculosis, module 2: screening, 2021).
 */
export const SYMPTOMS = [
  'COUGH',
  'COUGH_TWO_WEEKS',
  'HAEMOPTYSIS',
  'FEVER',
  'NIGHT_SWEATS',
  'WEIGHT_LOSS',
  'CHEST_PAIN',
  'BREATHLESSNESS',
  'TB_CONTACT',
  'PREVIOUS_TB',
] as const;
export type Symptom = (typeof SYMPTOMS)[number];
export const HIV_STATUSES = ['POSITIVE', 'NEGATIVE', 'UNKNOWN'] as const;

/** `checks` has what was asked; what was not is absent. `hivStatus` UNKNOWN was asked and is not known; null was not asked. */
export interface Symptoms {
  readonly checks: Readonly<Partial<Record<Symptom, 'YES' | 'NO'>>>;
  readonly hivStatus: (typeof HIV_STATUSES)[number] | null;
  readonly text: string;
}

/** Any of these and the WHO's screen is positive. */
const SCREEN = ['COUGH', 'FEVER', 'NIGHT_SWEATS', 'WEIGHT_LOSS'] as const satisfies Symptom[];

/** The WHO's four-symptom screen: positive with one of them, negative when all four were asked and denied. */
export function symptomScreen({ checks }: Symptoms): 'POSITIVE' | 'NEGATIVE' | 'UNFINISHED' {
  const coughs = checks.COUGH_TWO_WEEKS === 'YES';
  if (coughs || SCREEN.some((symptom) => checks[symptom] === 'YES')) return 'POSITIVE';
  return SCREEN.every((symptom) => checks[symptom] === 'NO') ? 'NEGATIVE' : 'UNFINISHED';
}

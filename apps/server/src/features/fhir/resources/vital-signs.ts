import { type ConsultationLine, VITAL_SIGNS, type VitalSign } from '@negatoscope/contract';
import { type Word, wordsIn } from './texts.ts';
import { type Coding, type Concept, coded, HL7, LOINC, type Resource, referTo, resource, UCUM, type Writing } from './values.ts';

const PROFILES = 'http://hl7.org/fhir/StructureDefinition';
/** Which profile of FHIR's vital signs a measurement follows; blood pressure is one Observation of two. */
const SINGLE = {
  temperatureC: 'bodytemp',
  heartRateBpm: 'heartrate',
  respiratoryRatePerMin: 'resprate',
  spo2Percent: 'oxygensat',
  weightKg: 'bodyweight',
  heightCm: 'bodyheight',
} as const satisfies Partial<Record<VitalSign, string>>;
type Single = keyof typeof SINGLE;

/** Units as people write them; the code beside them is UCUM's. */
const UNITS: Readonly<Record<string, string>> = { Cel: '°C', 'mm[Hg]': 'mmHg' };

export const VITAL_SIGNS_CATEGORY = coded(`${HL7}/observation-category`, 'vital-signs', 'Vital Signs');
const BLOOD_PRESSURE = '85354-9';
/** The profile asks for oxygen saturation in arterial blood; that it was measured by pulse oximetry is said beside it. */
const BY_PULSE_OXIMETRY = '59408-5';

const codesOf = (name: Single): readonly [string, ...string[]] =>
  name === 'spo2Percent' ? [VITAL_SIGNS[name].loinc, BY_PULSE_OXIMETRY] : [VITAL_SIGNS[name].loinc];

/** By which code each is known, and what is measured of it. */
export const VITAL_SIGN_CONCEPTS: readonly { readonly concept: Concept; readonly told: readonly VitalSign[] }[] = [
  ...(Object.keys(SINGLE) as Single[]).map((name) => ({
    concept: { coding: codesOf(name).map((code) => coded(LOINC, code)) },
    told: [name],
  })),
  { concept: { coding: [coded(LOINC, BLOOD_PRESSURE)] }, told: ['systolicMmHg', 'diastolicMmHg'] },
];

const quantity = (name: VitalSign, value: number) => {
  const { unit } = VITAL_SIGNS[name];
  return { value, unit: UNITS[unit] ?? unit, system: UCUM, code: unit };
};

/** The vital signs of a consultation, each an Observation of its profile, in the order of the page. What was not measured is none. */
export function vitalSignResources(line: ConsultationLine, { language }: Writing): Resource[] {
  const { vitalSigns, vitalSignsAt, status } = line;
  if (vitalSignsAt === null) return [];
  const words = wordsIn(language);
  const observation = (profile: string, codes: readonly [string, ...string[]], word: Word, value: object): Resource =>
    resource({
      resourceType: 'Observation',
      id: `${line.id}.${codes[0]}`,
      meta: { profile: [`${PROFILES}/vitalsigns`, `${PROFILES}/${profile}`] },
      language,
      // Until the consultation has ended they may be corrected.
      status: status === 'WAITING' || status === 'IN_PROGRESS' ? 'preliminary' : 'final',
      category: [{ coding: [VITAL_SIGNS_CATEGORY] }],
      code: { coding: codes.map((code): Coding => coded(LOINC, code)), text: words[word] },
      subject: referTo('Patient', line.patientId),
      encounter: referTo('Encounter', line.id),
      effectiveDateTime: vitalSignsAt,
      ...value,
    });
  const singles = (Object.keys(SINGLE) as Single[]).flatMap((name) => {
    const value = vitalSigns[name];
    return value === null ? [] : [observation(SINGLE[name], codesOf(name), name, { valueQuantity: quantity(name, value) })];
  });
  const pressures = ['systolicMmHg', 'diastolicMmHg'] as const;
  if (pressures.every((name) => vitalSigns[name] === null)) return singles;
  const component = pressures.map((name) => {
    const value = vitalSigns[name];
    const missing = { dataAbsentReason: { coding: [coded(`${HL7}/data-absent-reason`, 'not-performed', 'Not Performed')] } };
    const code = { coding: [coded(LOINC, VITAL_SIGNS[name].loinc)], text: words[name] };
    return { code, ...(value === null ? missing : { valueQuantity: quantity(name, value) }) };
  });
  return [...singles, observation('bp', [BLOOD_PRESSURE], 'bloodPressure', { component })];
}

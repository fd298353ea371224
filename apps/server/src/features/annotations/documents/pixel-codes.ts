import { type Code, UCUM, ucumOf } from '@negatoscope/dicom';

const dcm = (value: string, meaning: string): Code => ({ value, scheme: 'DCM', meaning });
const sct = (value: string, meaning: string): Code => ({ value, scheme: 'SCT', meaning });

/** What a value of a pixel is (PS3.16 CID 7469), by what is written beside it. */
const BY_UNIT: Readonly<Record<string, Code>> = {
  HU: dcm('112031', 'Attenuation Coefficient'),
  SUV: dcm('126401', 'SUVbw'),
  'Bq/ml': dcm('110821', 'Nuclear Medicine Tomographic Activity'),
  Gy: dcm('128513', 'Absorbed Dose'),
};
/** The same by the modality, where no unit tells. */
const BY_MODALITY: Readonly<Record<string, Code>> = {
  ...Object.fromEntries(['CR', 'DX', 'MG', 'XA', 'RF', 'IO', 'PX'].map((one) => [one, dcm('110850', 'X-Ray Attenuation')])),
  MR: dcm('110852', 'MR signal intensity'),
  US: dcm('110849', 'Echogenicity'),
  NM: dcm('110820', 'Nuclear Medicine Projection Activity'),
};
/** The standard has no code for a value of which nothing is known. */
const PIXEL_VALUE: Code = { value: 'PIXEL_VALUE', scheme: '99NEGATOSCOPE', meaning: 'Pixel value' };

/** PS3.16 CID 7464. */
export const DERIVATIONS = {
  mean: sct('373098007', 'Mean'),
  deviation: sct('386136009', 'Standard Deviation'),
  min: sct('255605001', 'Minimum'),
  max: sct('56851009', 'Maximum'),
} as const;

const MEANINGS: Readonly<Record<string, string>> = {
  HU: 'Hounsfield unit',
  SUV: 'Standardized Uptake Value body weight',
  'Bq/ml': 'Becquerels per milliliter',
};

export function unitCode(unit: string | undefined): Code {
  const value = unit === 'SUV' ? UCUM.suv : ucumOf(unit);
  return { value, scheme: 'UCUM', meaning: unit === undefined ? 'no units' : (MEANINGS[unit] ?? unit) };
}

/** What the value of a pixel is, by its unit, or by the modality where that says nothing. */
export const conceptOf = (unit: string | undefined, modality: string | undefined): Code =>
  BY_UNIT[unit ?? ''] ?? BY_MODALITY[modality ?? ''] ?? PIXEL_VALUE;

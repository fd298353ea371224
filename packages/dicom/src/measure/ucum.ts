/** Codes of the units of measurements (UCUM, PS3.16 CID 82 and 7181). */
export const UCUM = {
  mm: 'mm',
  mm2: 'mm2',
  degree: 'deg',
  pixels: '{pixels}',
  ratio: '{ratio}',
  suv: '{SUVbw}g/ml',
  none: '1',
} as const;

/** By what is written beside values of pixels. */
const CODES: Readonly<Record<string, string>> = {
  HU: "[hnsf'U]",
  'Bq/ml': 'Bq/ml',
  'g/ml': 'g/ml',
  Gy: 'Gy',
  counts: '{counts}',
  'counts/s': '{counts}/s',
  '1/cm': '/cm',
  'mm2/s': 'mm2/s',
};

/** The code of the unit of an image's values. What UCUM has no code for stands as an annotation, which says the same to people. */
export function ucumOf(unit: string | undefined): string {
  if (unit === undefined) return UCUM.none;
  // Printable ASCII without braces may stand in one (UCUM 6).
  return (Object.hasOwn(CODES, unit) ? CODES[unit] : undefined) ?? `{${unit.replaceAll(/[^\x21-\x7a|~]/g, '_')}}`;
}

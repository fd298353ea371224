/** Whole years at the day of the film, as national programmes report them (WHO); `UNKNOWN` where nothing says how old the patient was. */
export const AGE_BANDS = ['0-4', '5-14', '15-24', '25-34', '35-44', '45-54', '55-64', '65+', 'UNKNOWN'] as const;

/** By what final diagnoses a model is measured; `BACTERIOLOGICAL` is culture or Xpert. */
export const REFERENCES = ['ANY', 'BACTERIOLOGICAL', 'CULTURE', 'XPERT', 'CLINICAL'] as const;

/** What a national programme asks about each site, sex and age. */
export const MONTHLY_MEASURES = [
  'SCREENED',
  'PRESUMPTIVE',
  'VALIDATED_POSITIVE',
  'BACTERIOLOGICAL',
  'CLINICAL',
  'REJECTED',
  'WAITING',
] as const;

/** Patients of a site whose final diagnosis is known, and how many of them with the disease and how many without: fewer make no percentage of a score. */
export const RECALIBRATION_LEAST = { cases: 100, each: 30 } as const;

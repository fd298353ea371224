/**
 * What series that the server makes are called (SeriesDescription, PS3.3 C.7.3.1), by language: a report's in its own, the others in that of whoever first had one made in
 * the study, so that all instances of a series have one name. At most 64 characters.
 */
export const MADE_SERIES = {
  MEASUREMENTS: { fr: 'Mesures (Negatoscope)', en: 'Measurements (Negatoscope)' },
  KEY_IMAGES: { fr: 'Images clés (Negatoscope)', en: 'Key images (Negatoscope)' },
  MODEL_RESULT: { fr: 'Résultat du modèle (Negatoscope)', en: 'Model result (Negatoscope)' },
  MODEL_EVIDENCE: { fr: 'Indices du modèle (Negatoscope)', en: 'Model evidence (Negatoscope)' },
  REPORT: { fr: 'Compte rendu (Negatoscope)', en: 'Report (Negatoscope)' },
} as const satisfies Record<string, Readonly<Record<'fr' | 'en', string>>>;

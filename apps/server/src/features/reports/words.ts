import { REPORT_SECTIONS, type ReportSection, type SignedContent } from '@negatoscope/contract';

interface Words extends Readonly<Record<ReportSection, string>> {
  readonly title: string;
  readonly patient: string;
  readonly born: string;
  readonly record: string;
  readonly study: string;
  readonly accession: string;
  readonly signed: (name: string, at: string) => string;
  readonly version: (number: number, amends: number | undefined) => string;
  readonly replaced: (by: number) => string;
  readonly page: (page: number, of: number) => string;
}

const FR: Words = {
  ...{
    history: 'Indication',
    technique: 'Technique',
    comparison: 'Comparaison',
    findings: 'Résultats',
    impression: 'Conclusion',
  },
  ...{ title: 'Compte rendu d’imagerie', patient: 'Patient', born: 'Né(e) le', record: 'Dossier', study: 'Examen' },
  accession: 'Numéro d’examen',
  signed: (name, at) => `Signé par ${name} le ${at} (UTC)`,
  version: (number, amends) => (amends === undefined ? `Version ${number}` : `Version ${number}, corrige la version ${amends}`),
  replaced: (by) => `Cette version est remplacée par la version ${by}.`,
  page: (page, of) => `Page ${page} sur ${of}`,
};
const EN: Words = {
  ...{ history: 'History', technique: 'Technique', comparison: 'Comparison', findings: 'Findings', impression: 'Impression' },
  ...{ title: 'Imaging report', patient: 'Patient', born: 'Born', record: 'Record', study: 'Study' },
  accession: 'Accession number',
  signed: (name, at) => `Signed by ${name} on ${at} (UTC)`,
  version: (number, amends) => (amends === undefined ? `Version ${number}` : `Version ${number}, amends version ${amends}`),
  replaced: (by) => `This version is replaced by version ${by}.`,
  page: (page, of) => `Page ${page} of ${of}`,
};
/** What stands around a report in its own language. */
export const wordsOf = (language: SignedContent['language']): Words => (language === 'fr' ? FR : EN);

/** The sections that say something, each with its name. */
export function saidIn({
  sections,
  language,
}: Pick<SignedContent, 'sections' | 'language'>): readonly (readonly [string, string])[] {
  const words = wordsOf(language);
  return REPORT_SECTIONS.filter((name) => sections[name].trim() !== '').map((name) => [words[name], sections[name].trim()]);
}

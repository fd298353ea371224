import type { ReportSection } from '@negatoscope/contract';

/** Words by which sections of templates are called (RSNA's, DICOM's CID 7001, and French ones), in small letters without accents. */
const NAMES: readonly (readonly [ReportSection, RegExp])[] = [
  ['impression', /^(impressions?|conclusions?|summary|synthese|resume|diagnos(is|tic)|opinion|assessment|recommendations?)\b/],
  ['comparison', /^(comparisons?|comparaisons?|prior|previous|examens? anterieurs?|anteriorites?)\b/],
  ['history', /^(clinical|history|indications?|reason|request|motif|renseignements?|antecedents?|contexte|patient history)\b/],
  ['technique', /^(technique|procedure|protocol|protocole|imaging|acquisition|modalite|contrast|methode)\b/],
  ['findings', /^(findings?|observations?|resultats?|description|analyse)\b/],
];

const plain = (name: string): string => name.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().trim();

/** Which of our sections one of a template is; undefined for any other. */
export function sectionNamed(name: string): ReportSection | undefined {
  const said = plain(name);
  return NAMES.find(([, words]) => words.test(said))?.[0];
}

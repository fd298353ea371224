import { formatDate, formatPersonName } from './format.ts';
import type { PatientBanner } from './study-model.ts';

const plain = (text: string | undefined): string => (text ?? '').trim().replace(/\s+/g, ' ').toLocaleUpperCase();

/** Whose images these are, as far as their own dataset says: two that differ in anything are not taken for one person. */
const personOf = ({ name, patientId, issuer, birthDate }: PatientBanner): string =>
  [plain(name), plain(patientId), plain(issuer), plain(birthDate)].join('\n');

/** The patients of panes, each numbered from 1 in the order in which they come; undefined for a pane that shows none. */
export function patientNumbers(banners: readonly (PatientBanner | undefined)[]): readonly (number | undefined)[] {
  const persons: string[] = [];
  return banners.map((banner) => {
    if (banner === undefined) return undefined;
    const person = personOf(banner);
    if (!persons.includes(person)) persons.push(person);
    return persons.indexOf(person) + 1;
  });
}

/** Whose image it is, and of when, in one line: name, birth date and date of the examination. Empty where the dataset names none of them. */
export const identityWords = ({ name, birthDate, studyDate }: PatientBanner, language: string): string =>
  [formatPersonName(name), formatDate(birthDate, language), formatDate(studyDate, language)].filter(Boolean).join(' · ');

import { nameGroupOnPage } from '@negatoscope/contract/person-name';
import { formatDate } from './format.ts';
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

/**
 * Whose image it is, and of when, in this order: name, birth date and date of the examination, as far as the dataset names them. Each is to be shown in an
 * isolate of its own: behind an Arabic name two dates in one text would change places.
 */
export const identityParts = ({ name, birthDate, studyDate }: PatientBanner, language: string): readonly string[] =>
  [nameGroupOnPage(name), formatDate(birthDate, language), formatDate(studyDate, language)].filter((part) => part !== '');

/** What stands between them. */
export const BETWEEN_PARTS = ' · ';

import { UNSEEN } from './unseen.ts';

/** What holds one of them could be read as another patient's: turned round, or with a letter that nobody sees. */
const HIDDEN = new RegExp(`[${UNSEEN}]`, 'gu');
/** A name or an identifier in the order of its letters; empty for one of which nothing is seen. */
export const textOnPage = (text: string): string => text.replaceAll(HIDDEN, '').trim();

/** A person as the page names everybody: `NOM Prénom`. Without a first name the last name alone, which may be a record number; empty for nobody. */
export function personOnPage({ lastName, firstName }: { readonly lastName: string; readonly firstName: string }): string {
  return [textOnPage(lastName).toLocaleUpperCase('fr'), textOnPage(firstName)].filter((part) => part !== '').join(' ');
}

/** One of the house's own people where they are spoken of, as the server's queries name them (`nameOf` of study rows): `Prénom Nom`. Lists of people are sorted by last names and have `personOnPage`. */
export const staffName = ({ lastName, firstName }: { readonly lastName: string; readonly firstName: string }): string =>
  `${firstName} ${lastName}`.trim();

/** One writing of a PN value (PS3.5 6.2.1.1) as the page names everybody: its family name, then given and middle names, which the archive keeps as first name; without prefix and suffix. Empty for nobody. */
export function nameGroupOnPage(group: string | undefined): string {
  const [lastName = '', given = '', middle = ''] = group?.split('^') ?? [];
  return personOnPage({ lastName, firstName: `${given.trim()} ${middle.trim()}` });
}

/** A whole PN value (PS3.5 6.2.1): the first of its writings that says something. */
export const personNameOnPage = (personName: string): string =>
  nameGroupOnPage(personName.split('=').find((one) => textOnPage(one.replaceAll('^', '')) !== ''));

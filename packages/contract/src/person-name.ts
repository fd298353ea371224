/** A person as the page names everybody: `NOM Prénom`. Without a first name the last name alone, which may be a record number; empty for nobody. */
export function personOnPage({ lastName, firstName }: { readonly lastName: string; readonly firstName: string }): string {
  return [lastName.trim().toLocaleUpperCase('fr'), firstName.trim()].filter((part) => part !== '').join(' ');
}

/**
 * A PN value (PS3.5 6.2.1) as the page names everybody: the first writing that says something; its family name, then given and middle names, which the archive keeps as first name.
 * Prefix and suffix are left out. Empty for nobody.
 */
export function personNameOnPage(personName: string | undefined): string {
  const written = personName?.split('=').find((one) => one.replaceAll('^', '').trim() !== '') ?? '';
  const [lastName = '', given = '', middle = ''] = written.split('^');
  return personOnPage({ lastName, firstName: `${given.trim()} ${middle.trim()}` });
}

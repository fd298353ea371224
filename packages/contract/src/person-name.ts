/** A person as the page names everybody: `NOM Prénom`. Without a first name the last name alone, which may be a record number; empty for nobody. */
export function personOnPage({ lastName, firstName }: { readonly lastName: string; readonly firstName: string }): string {
  return [lastName.trim().toLocaleUpperCase('fr'), firstName.trim()].filter((part) => part !== '').join(' ');
}

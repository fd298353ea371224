/** Who somebody is by name, as the journal's rules compare them. */
export interface Named {
  readonly id: string;
  readonly familyName: string;
  readonly givenName: string;
}

type Kinship = 'OWN_RECORD' | 'COLLEAGUE_RECORD' | 'SAME_NAME';

/** Without accents, case and signs between words: `N'Diaye-Fall` is `n diaye fall`. */
const plainName = (name: string): string =>
  name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** Both names in an order of their own: which is the family's is not the same everywhere. Undefined where one is missing. */
function bothNames({ familyName, givenName }: Named): string | undefined {
  const names = [plainName(familyName), plainName(givenName)];
  return names.includes('') ? undefined : names.sort().join('^');
}

/**
 * What a person and a patient have to do with each other by name: `OWN_RECORD` where both names are theirs, `COLLEAGUE_RECORD` where they are those of another account, and where `withFamily`
 * is asked for, `SAME_NAME` where the family name is theirs. Accounts have no birth date: two people of one name are not told apart, and a person says so when the
 * warning is acknowledged.
 */
export function kinshipOf(
  patient: Named,
  by: Named,
  { people, withFamily }: { readonly people: ReadonlySet<string>; readonly withFamily: boolean },
): Kinship | undefined {
  const names = bothNames(patient);
  if (names === undefined) return undefined;
  if (names === bothNames(by)) return 'OWN_RECORD';
  if (people.has(names)) return 'COLLEAGUE_RECORD';
  const family = plainName(patient.familyName);
  return withFamily && family === plainName(by.familyName) ? 'SAME_NAME' : undefined;
}

/** The names of all accounts, to be looked up in. */
export const namesOf = (people: readonly Named[]): ReadonlySet<string> => new Set(people.flatMap((one) => bothNames(one) ?? []));

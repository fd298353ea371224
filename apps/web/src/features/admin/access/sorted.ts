import type { ReviewedNode, ReviewedPerson } from '@negatoscope/contract';
import { formatName } from '../../../i18n/format.ts';

type Key = string | number;
/** What a column is sorted by; what never happened stands before everything. */
const PERSON_KEYS: Readonly<Record<string, (person: ReviewedPerson) => Key>> = {
  name: (person) => formatName(person).toLocaleLowerCase(),
  role: ({ role, level }) => `${role} ${level}`,
  group: ({ groups }) => groups.map(({ name }) => name).join(' '),
  patients: ({ patients }) => patients,
  lastLoginAt: ({ lastLoginAt }) => lastLoginAt ?? '',
  lastUse: ({ lastPatientUseAt }) => lastPatientUseAt ?? '',
  tokens: ({ tokens }) => tokens.length,
};
const NODE_KEYS: Readonly<Record<string, (node: ReviewedNode) => Key>> = {
  name: ({ name }) => name.toLocaleLowerCase(),
  group: ({ group }) => group?.name ?? '',
  patients: ({ patients }) => patients,
  lastSeen: ({ lastSeenAt }) => lastSeenAt ?? '',
};

const compare = (a: Key, b: Key): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));

function sorted<T>(rows: readonly T[], keys: Readonly<Record<string, (row: T) => Key>>, sort: string): T[] {
  const isDown = sort.startsWith('-');
  const key = keys[isDown ? sort.slice(1) : sort];
  if (key === undefined) return [...rows];
  return rows.toSorted((a, b) => (isDown ? compare(key(b), key(a)) : compare(key(a), key(b))));
}

export const sortedPeople = (rows: readonly ReviewedPerson[], sort: string) => sorted(rows, PERSON_KEYS, sort);
export const sortedNodes = (rows: readonly ReviewedNode[], sort: string) => sorted(rows, NODE_KEYS, sort);

import type { AccessReview, ReviewedNode, ReviewedPerson } from '@negatoscope/contract';
import { staffName } from '@negatoscope/contract/person-name';
import type { CsvCell } from '../../../platform/csv.ts';

const HEADER = [
  ...['kind', 'name', 'email', 'role', 'level', 'status', 'groups', 'rights', 'patients'],
  ...['createdAt', 'lastLoginAt', 'lastActiveAt', 'lastPatientUseAt', 'until', 'unusedFor90Days'],
];

type Cells = Readonly<Record<string, CsvCell>>;
const lineOf = (cells: Cells): CsvCell[] => HEADER.map((column) => cells[column] ?? '');
const yesNo = (is: boolean): string => (is ? 'yes' : 'no');

function linesOfPerson(person: ReviewedPerson): CsvCell[][] {
  const { email, role, level, status, patients, createdAt, lastLoginAt, lastActiveAt, lastPatientUseAt } = person;
  const groups = person.groups.map(({ name }) => name).join(', ');
  const who = { email, role, level, status, groups };
  return [
    lineOf({
      ...{ kind: 'person', name: staffName(person), ...who, patients },
      ...{ createdAt, lastLoginAt, lastActiveAt, lastPatientUseAt, until: person.linkUntil },
      unusedFor90Days: yesNo(person.isUnused),
    }),
    ...person.tokens.map((token) =>
      lineOf({
        ...{ kind: 'token', name: token.name, ...who, rights: token.permissions.join(', '), patients },
        ...{ lastActiveAt: token.lastUsedAt, until: token.expiresAt, unusedFor90Days: yesNo(token.isUnused) },
      }),
    ),
  ];
}

const lineOfNode = ({ name, aeTitle, group, rights, patients, lastSeenAt, isUnused }: ReviewedNode): CsvCell[] =>
  lineOf({
    ...{ kind: 'node', name: `${name} (${aeTitle})`, groups: group?.name ?? '', rights: rights.join(', '), patients },
    ...{ lastActiveAt: lastSeenAt, unusedFor90Days: yesNo(isUnused) },
  });

/** The review as a table: a line for each person, each token behind its person, and each node. */
export const tableOf = ({ people, nodes }: AccessReview): CsvCell[][] => [
  HEADER,
  ...people.flatMap(linesOfPerson),
  ...nodes.map(lineOfNode),
];

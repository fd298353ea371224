import { type PatientMove, personOnPage, type Role } from '@negatoscope/contract';
import { armsOf, hasArm, idsOf } from '../../../access/index.ts';
import { type GroupsRow, groupsIn } from '../../../archive/records/members.ts';

/** Somebody who may sign in, with what decides whose patients they see. */
export interface Reader extends GroupsRow {
  readonly id: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly role: Role;
}

const MOST_NAMED = 20;

/** Whether somebody sees what is of a group, or of none. */
function sees(reader: Reader, groupId: string | null): boolean {
  const scope = armsOf({ userId: reader.id, role: reader.role, groupIds: groupsIn(reader).groupIds });
  if (hasArm(scope, 'all')) return true;
  return groupId === null ? hasArm(scope, 'ungrouped') : idsOf(scope, 'group').includes(groupId);
}

const told = (people: readonly Reader[]): PatientMove['gain'] => ({
  count: people.length,
  names: people
    .slice(0, MOST_NAMED)
    .map(({ first_name, last_name }) => personOnPage({ lastName: last_name, firstName: first_name })),
});

/** Who sees a patient only after, and who only before, a move from one partition to another. */
export const sightMoved = (
  people: readonly Reader[],
  from: string | null,
  to: string | null,
): Pick<PatientMove, 'gain' | 'lose'> => ({
  gain: told(people.filter((one) => sees(one, to) && !sees(one, from))),
  lose: told(people.filter((one) => sees(one, from) && !sees(one, to))),
});

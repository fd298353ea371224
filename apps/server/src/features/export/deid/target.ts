import type { DeidForm } from '@negatoscope/contract';
import { can, hasArm, idsOf, type Person, scopeOf, seesIdentity } from '../../../access/index.ts';
import { groupExists } from '../../../archive/partitions.ts';
import { Failure, notFound } from '../../../kernel/failure.ts';
import type { Selection } from '../archive.ts';
import type { Treatment } from '../deidentified-archive.ts';
import type { ExportDeps } from '../deps.ts';

/** Who sees no identities imports into a partition of their own: nobody's group grows by them. */
const mayImport = (actor: Person): boolean => can(actor, 'imports.create') && seesIdentity(actor);

function isInScope(actor: Person, groupId: string): boolean {
  const scope = scopeOf(actor);
  return hasArm(scope, 'all') || idsOf(scope, 'group').includes(groupId);
}

/** Whether this person may (still) let images into where an export goes. */
export const mayLetInto = (actor: Person, form: DeidForm, groupId: string | null): boolean =>
  form !== 'GROUP' || (groupId !== null && mayImport(actor) && isInScope(actor, groupId));

/**
 * Fails with FORBIDDEN for who may not import, NOT_FOUND for a group that is none or out of scope, UNPROCESSABLE for a project that keeps UIDs: the group's
 * image would have the UID of the one that it was made of.
 */
export async function requireTarget(
  { db }: Pick<ExportDeps, 'db'>,
  actor: Person,
  groupId: string,
  { profile }: Treatment,
): Promise<void> {
  if (!mayImport(actor)) throw new Failure('FORBIDDEN');
  const exists = isInScope(actor, groupId) && (await db.reading(scopeOf(actor), (tx) => groupExists(tx, groupId)));
  if (!exists) throw notFound();
  if (profile.options.has('retainUids'))
    throw new Failure('UNPROCESSABLE', { detail: 'A project that keeps UIDs goes into no group of the same server.' });
}

/** What of a selection would come into its own group is left out. */
export const leavingFor = ({ patients, studies }: Selection, groupId: string | null): Selection => ({
  patients,
  studies: groupId === null ? studies : studies.filter(({ json }) => json.groupId !== groupId),
});

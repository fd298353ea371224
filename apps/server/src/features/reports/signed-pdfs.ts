import { type Person, requirePermission, scopeOf } from '../../access/index.ts';
import { letterheadOf } from './letterhead/letterhead.ts';
import { printed } from './pdf.ts';
import { findVersions } from './repository.ts';
import type { ReportDeps } from './service.ts';
import { signedOf } from './shown.ts';

/** Signed versions of a study's report as PDF, the first version first; none of those that were signed for another record. Who takes them has audited that. Fails with OBJECT_DAMAGED. */
export async function signedPdfs(
  { db, installation }: Pick<ReportDeps, 'db'> & { readonly installation: string },
  actor: Person,
  { studyId, patientId }: { readonly studyId: string; readonly patientId: string },
): Promise<{ path: string; bytes: Buffer }[]> {
  requirePermission(actor, 'reports.read');
  const scope = scopeOf(actor);
  const rows = await db.reading(scope, (tx) => findVersions(tx, scope, studyId));
  const made: { path: string; bytes: Buffer }[] = [];
  for (const row of rows.toReversed()) {
    const { content, sha256, isOfOtherPatient } = signedOf(row, patientId);
    if (isOfOtherPatient) continue;
    const letterhead = await db.reading(scope, (tx) => letterheadOf(tx, row.letterhead, installation));
    const bytes = await printed({ content, sha256, letterhead, latest: rows[0]?.number ?? row.number });
    made.push({ path: `report-${row.number}.pdf`, bytes });
  }
  return made;
}

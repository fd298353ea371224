import type { BodyOf, knownFiles } from '@negatoscope/contract';
import type { Scope } from '../../../access/index.ts';
import { findKnown, type KnownRow } from '../../../archive/write/known-files.ts';
import type { Db, Tx } from '../../../platform/db/database.ts';
import type { GuardedObjects } from '../../../platform/objects/store/index.ts';
import { countFiles, insertFiles } from '../commit/batch-report.ts';
import type { FileResult, ResolvedTarget } from '../types.ts';

type NamedFiles = BodyOf<typeof knownFiles>['files'];

/**
 * Which of the named files are stored where this import goes; they are noted as its duplicates and need not be sent. Only that group
 * is looked at: what another holds makes no difference to the answer. Stored objects are read first: of one that is damaged the file is wanted.
 */
export async function findKnownFiles(
  { db, objects }: { db: Db; objects: GuardedObjects },
  scope: Scope,
  { resolve, files }: { resolve: (tx: Tx) => Promise<ResolvedTarget>; files: NamedFiles },
): Promise<string[]> {
  const hashes = files.map(({ sha256 }) => Buffer.from(sha256, 'hex'));
  const { target, rows } = await db.withScope(scope, async (tx) => {
    const resolved = await resolve(tx);
    return { target: resolved, rows: await findKnown(tx, resolved, hashes) };
  });
  const known = new Map<string, KnownRow>();
  for (const row of rows) {
    const damage = await objects.examine({ id: row.id, sizeBytes: row.size_bytes, sha256: row.sha256 });
    if (damage !== undefined) await objects.mark(row.id, damage);
    else if (!(await objects.isDamaged(row.id))) known.set(row.sha256.toString('hex'), row);
  }
  const results = files.flatMap((file) => resultsOf(file, known.get(file.sha256)));
  if (results.length === 0) return [];
  await db.withScope(scope, async (tx) => {
    await insertFiles(
      tx,
      results.map((result) => ({ importId: target.importId, result })),
    );
    await countFiles(tx, target, results);
  });
  return [...known.keys()];
}

function resultsOf({ name, sizeBytes, sha256 }: NamedFiles[number], row: KnownRow | undefined): FileResult[] {
  if (row === undefined) return [];
  const ids = {
    studyInstanceUid: row.study,
    seriesInstanceUid: row.series,
    sopInstanceUid: row.sop,
    patientId: row.patient_id,
  };
  return [{ name, outcome: 'duplicate', reason: 'SAME_CONTENT', sizeBytes, sha256, ...ids }];
}

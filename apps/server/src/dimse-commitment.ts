import { STATUS } from '@negatoscope/dimse';
import { partition } from './access/index.ts';
import type { ArchiveReader } from './archive/doors.ts';
import { findKept } from './archive/records/kept.ts';
import type { Certify } from './features/dimse/index.ts';
import { Failure } from './kernel/failure.ts';
import { type GuardedObjects, ObjectUnreadable } from './platform/objects/store/index.ts';

/** Instances that are looked for together. */
const RUN = 500;
const AT_ONCE = 8;

/** What a device may be sure of: in sight in its group, with its hash, and its object in the store as long as it was when it came. */
export const certifying =
  (db: ArchiveReader, objects: Pick<GuardedObjects, 'size'>): Certify =>
  async (groupId, instances) => {
    const scope = partition(groupId);
    const verdicts: Awaited<ReturnType<Certify>>[number][] = [];
    for (let at = 0; at < instances.length; at += RUN) {
      const run = instances.slice(at, at + RUN);
      const rows = await db.reading(scope, (tx) =>
        findKept(
          tx,
          scope,
          run.map(({ sopInstanceUid }) => sopInstanceUid),
        ),
      );
      const lost = await lostOf(objects, rows);
      const found = new Map(rows.map((row) => [row.sop_instance_uid, row]));
      for (const { sopInstanceUid, sopClassUid } of run) {
        const row = found.get(sopInstanceUid);
        const isKept = row !== undefined && !lost.has(row.id);
        verdicts.push(
          !isKept ? STATUS.NO_SUCH_INSTANCE : row.sop_class_uid === sopClassUid ? undefined : STATUS.CLASS_INSTANCE_CONFLICT,
        );
      }
    }
    return verdicts;
  };

async function lostOf(
  objects: Pick<GuardedObjects, 'size'>,
  rows: readonly { readonly id: string; readonly size_bytes: number }[],
): Promise<ReadonlySet<string>> {
  const lost = new Set<string>();
  const waiting = [...rows];
  const work = async (): Promise<void> => {
    for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) {
      try {
        if ((await objects.size(row.id)) !== row.size_bytes) lost.add(row.id);
      } catch (error) {
        const isDamaged = error instanceof ObjectUnreadable || (error instanceof Failure && error.code === 'OBJECT_DAMAGED');
        if (!isDamaged) throw error;
        lost.add(row.id);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return lost;
}

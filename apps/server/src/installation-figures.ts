import { NOTHING } from './access/index.ts';
import { countDamaged } from './archive/objects/stored-objects.ts';
import { auditLag, chainFigures } from './features/audit/index.ts';
import { backupFigures } from './features/backup/index.ts';
import { orthancFigures } from './features/orthanc/index.ts';
import { jobsOf } from './features/system/job-care.ts';
import { JOBS, LOOPS } from './job-kinds.ts';
import { type Figures, readReplication } from './platform/metrics/index.ts';
import type { ServerParts } from './server-parts.ts';

/** What is counted in the database, for all processes and machines together. Fails when it does not answer. */
export async function installationFigures(
  parts: Pick<ServerParts, 'db' | 'clock' | 'queue' | 'orthanc' | 'backup'>,
): Promise<Figures> {
  const { db, queue, orthanc } = parts;
  const [{ items: jobs }, audit, chain, damagedObjects, backup, replication, feed] = await Promise.all([
    jobsOf({ db, jobs: { registry: JOBS, loops: LOOPS, depths: queue.depths } }),
    auditLag(parts),
    chainFigures(parts),
    db.reading(NOTHING, countDamaged),
    backupFigures({ ...parts, everyMs: parts.backup.everyMs }),
    db.reading(NOTHING, readReplication),
    orthancFigures(parts, orthanc),
  ]);
  return { jobs, audit: { ...audit, ...chain }, damagedObjects, backup, replication, orthanc: feed };
}

import type { IngestFiles, StoredFile } from './features/dicomweb/index.ts';
import { type Ingest, partOf, type Staged } from './features/ingest/index.ts';

/** Instances of one transaction: what they cost in flushes and locks is shared. */
const BATCH = 50;

/**
 * STOW-RS as an entrance of the one pipeline. With a study in the path, instances of another study are refused before anything is
 * kept (PS3.18 10.5.1.1).
 */
export const stowIngest =
  (ingest: Ingest): IngestFiles =>
  async (actor, target, files) => {
    const { studyInstanceUid, ...group } = target;
    if (studyInstanceUid === undefined) return ingest.ingestFiles(actor, { entrance: 'STOW', ...group }, files);
    const session = await ingest.openSession(actor, { entrance: 'STOW', ...group });
    const results: StoredFile[] = [];
    let batch: Staged[] = [];
    let isRead = false;
    const commit = async (): Promise<void> => {
      results.push(...(await session.commit(batch)));
      batch = [];
    };
    try {
      for await (const file of files) {
        const staged = await session.receive(file.name, file.stream);
        if (staged.kind === 'instance' && staged.summary.studyInstanceUid !== studyInstanceUid) {
          const { sopInstanceUid, sopClassUid } = staged.summary;
          await session.discard([staged]);
          // The answer keeps the order of the parts.
          await commit();
          results.push({ outcome: 'rejected', reason: 'STUDY_UID_MISMATCH', sopInstanceUid, sopClassUid });
          continue;
        }
        batch.push(staged);
        if (batch.length === BATCH) await commit();
      }
      isRead = true;
      await commit();
    } catch (error) {
      await session.discard(batch);
      const told = partOf({ results, refused: batch, isRead }, error);
      if (told === undefined) throw error;
      return told;
    }
    return results;
  };

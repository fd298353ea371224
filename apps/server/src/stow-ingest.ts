import type { IngestFiles, StoredFile } from './features/dicomweb/index.ts';
import type { Ingest } from './features/ingest/index.ts';

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
    for await (const file of files) {
      const staged = await session.receive(file.name, file.stream);
      if (staged.kind === 'instance' && staged.summary.studyInstanceUid !== studyInstanceUid) {
        const { sopInstanceUid, sopClassUid } = staged.summary;
        await session.discard([staged]);
        results.push({ outcome: 'rejected', reason: 'STUDY_UID_MISMATCH', sopInstanceUid, sopClassUid });
      } else results.push(...(await session.commit([staged])));
    }
    return results;
  };

import type { Service } from './access/index.ts';
import type { Keeper } from './features/dimse/index.ts';
import type { Ingest, IngestSession } from './features/ingest/index.ts';

/**
 * C-STORE as an entrance of the one pipeline. What one association sends is one import. An instance is committed as soon as it has come, together with those
 * of other associations that come at the same time: a sender waits for the answer to each before it sends the next.
 */
export function dimseKeeper(ingest: Ingest, by: Service, groupId: string | null): Keeper {
  let opening: Promise<IngestSession> | undefined;
  return {
    keep: async ({ sopClassUid, sopInstanceUid, studyInstanceUid, stream, mayBeKept }) => {
      // One that could not be opened is tried anew with the next instance.
      opening ??= ingest.openSession(by, { entrance: 'DIMSE', groupId }).catch((error: unknown) => {
        opening = undefined;
        throw error;
      });
      const session = await opening;
      const staged = await session.receive(`${sopInstanceUid}.dcm`, stream);
      // Nobody waits for an outcome, and nothing came that could be told from nothing.
      if (staged.kind === 'verdict' && staged.result.reason === 'UPLOAD_INTERRUPTED') return staged.result;
      if (!(await isAllowed(mayBeKept, () => session.discard([staged])))) return { outcome: 'rejected', reason: 'NOT_ALLOWED' };
      if (staged.kind === 'instance') {
        const { summary } = staged;
        const isOfStudy = studyInstanceUid === undefined || summary.studyInstanceUid === studyInstanceUid;
        // The command would otherwise say of one instance that another is kept (PS3.4 B.2.3, A900).
        if (summary.sopInstanceUid !== sopInstanceUid || summary.sopClassUid !== sopClassUid || !isOfStudy) {
          await session.discard([staged]);
          return { outcome: 'rejected', reason: 'OTHER_INSTANCE' };
        }
      }
      const [result] = await session.commit([staged]);
      return result ?? { outcome: 'rejected' };
    },
  };
}

/** Nothing of what may not be kept stays, nor where that can't be found out. */
async function isAllowed(mayBeKept: (() => Promise<boolean>) | undefined, discard: () => Promise<void>): Promise<boolean> {
  let may = false;
  try {
    may = (await mayBeKept?.()) ?? true;
  } finally {
    if (!may) await discard();
  }
  return may;
}

import type { ErasedCopies } from '../../../archive/lifecycle/erased-copies.ts';
import type { Tx } from '../../../platform/db/database.ts';
import { studyIdOf } from '../feed/orthanc-id.ts';
import { requireFeed } from '../feed/repository.ts';
import { insertErasing } from './repository.ts';

export interface NotedErasure {
  readonly erasureId: string;
  readonly patientId: string | undefined;
  readonly copies: () => Promise<ErasedCopies>;
  readonly now: Date;
}

/** A file may name nobody: Orthanc then hashes nothing for the Patient ID. */
const NOBODY = '';

/**
 * Writes down, in the transaction of an erasure and before its rows go, what the Orthanc at an address may have of the patient: studies under every Patient ID that they were known by, since what
 * was sent may have left under another than it came with, and whatever came from there or was sent.
 */
export async function noteErased(tx: Tx, url: string, { copies, ...noted }: NotedErasure): Promise<void> {
  const { patientIds, studyInstanceUids, instanceIds, shared } = await copies();
  const feed = await requireFeed(tx, url);
  const studies = [...new Set([...patientIds, NOBODY])].flatMap((patientId) =>
    studyInstanceUids.map((studyInstanceUid) => studyIdOf({ patientId, studyInstanceUid })),
  );
  await insertErasing(tx, { ...noted, feedId: feed.id, studies, instanceIds, shared });
}

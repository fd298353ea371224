import { partition, type Service, scopeOf, service } from '../../../access/index.ts';
import { isInTrash } from '../../../archive/records/for-nodes.ts';
import { storedAmong } from '../../../archive/records/studies.ts';
import { askedOf } from '../ask/asked.ts';
import { codeOf, type TransferPorts, type Working } from './ports.ts';
import { retrieveStudy, type StudyCounts } from './retrieve.ts';
import * as repository from './work-repository.ts';

/** What is fetched is kept as what that node sends of itself is. */
function portsOf({ db, dicom, openKeeper, log }: TransferPorts, { transfer, node }: Pick<Working, 'transfer' | 'node'>) {
  const groupId = transfer.group_id;
  return {
    node: askedOf(node, dicom),
    keeper: openKeeper(service(`dicom-node:${node.id}`, ['imports.create', 'patients.identity']), groupId),
    storedAmong: (uids: readonly string[]) => db.reading(partition(groupId), (tx) => storedAmong(tx, uids, groupId)),
    mayMove: (dicom.port !== 0 || dicom.tls?.port !== undefined) && node.may_store && node.group_id === groupId,
    onFailure: (error: unknown) =>
      log.error({ err: error, transfer: transfer.id }, 'an instance that was fetched was not stored'),
  };
}

/**
 * Fetches the studies of a transfer that are still to be fetched, one after the other. What comes is the node's, whoever asked for it: it is kept as what the
 * node sends of itself is, in the group that the transfer names.
 */
export async function runRetrieval(ports: TransferPorts, by: Service, { transfer, node, signal, count }: Working): Promise<void> {
  const { db } = ports;
  const groupId = transfer.group_id;
  const items = await db.reading(scopeOf(by), (tx) => repository.waitingItems(tx, transfer.id));
  for (const { place, study_instance_uid: studyInstanceUid } of items) {
    if (signal.aborted) return;
    const progress = { counts: { total: null, done: 0, warned: 0, failed: 0, bytes: 0 } as StudyCounts };
    const note = (counts: StudyCounts): Promise<unknown> => {
      progress.counts = counts;
      return db.withScope(scopeOf(by), (tx) => repository.noteProgress(tx, transfer, { place, ...counts }));
    };
    const finish = async (outcome: repository.ItemOutcome): Promise<void> => {
      // What was cancelled, or stopped, is still to be fetched.
      if (signal.aborted && outcome.outcome === 'FAILED') return;
      await db.withScope(scopeOf(by), (tx) => repository.noteOutcomes(tx, transfer, [outcome]));
    };
    // What comes would be taken for more of it, or for nothing new; whether it is wanted back is for a person to say.
    if (await db.reading(partition(groupId), (tx) => isInTrash(tx, studyInstanceUid, groupId))) {
      await finish({ place, outcome: 'FAILED', code: 'IN_TRASH', status: null, comment: null });
      continue;
    }
    try {
      const onProgress = async (counts: StudyCounts): Promise<void> => void (await note(counts));
      const end = await retrieveStudy(studyInstanceUid, { ...portsOf(ports, { transfer, node }), signal, onProgress });
      count(end.bytes);
      await note(end);
      const outcome = end.code === null ? (end.warned > 0 ? 'WARNING' : 'DONE') : 'FAILED';
      await finish({ place, outcome, code: end.code, status: end.status, comment: null });
    } catch (error) {
      count(progress.counts.bytes);
      const { total, done, warned } = progress.counts;
      await note({ ...progress.counts, failed: total === null ? 0 : total - done - warned });
      await finish({ place, outcome: 'FAILED', code: codeOf(error), status: null, comment: null });
      if (codeOf(error) === 'PROCESSING_FAILURE' && !signal.aborted) throw error;
    }
  }
}

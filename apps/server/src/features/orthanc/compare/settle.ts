import type { OrthancDeletions } from '@negatoscope/contract';
import { NOTHING, requirePermission, type Service, scopeOf } from '../../../access/index.ts';
import { findWhole, trashStudy } from '../../../archive/lifecycle/trash.ts';
import { notifyStudy } from '../../../archive/notify.ts';
import { refreshPatients } from '../../../archive/records/patients.ts';
import { lockStudy } from '../../../archive/records/studies.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { Db, Tx } from '../../../platform/db/database.ts';
import type { Logger } from '../../../platform/log/log.ts';
import type { Audit } from '../../audit/index.ts';
import { queue } from '../send/outbox.ts';
import * as repository from './repository.ts';

export interface SettlePorts {
  readonly db: Db;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Logger;
  readonly by: Service;
  readonly deletions: OrthancDeletions;
}

/** Of one comparison. Of studies all is looked at together: one is whole or not. */
const MOST = { trash: 100_000, repair: 5_000 };

/** What the policy says is done about what was deleted in Orthanc, and was not there twice. What is held is left alone. */
export function settler(ports: SettlePorts): (feedId: number, before: Date) => Promise<void> {
  const { deletions } = ports;
  if (deletions === 'ignore') return async () => undefined;
  const act = deletions === 'trash' ? trash : sendAgain;
  return async (feedId, before) => {
    const told = await ports.db.reading(NOTHING, (tx) => repository.findTold(tx, feedId, before, MOST[deletions]));
    const here = told.flatMap(({ instance_id }) => instance_id ?? []);
    if (here.length > 0) await act(ports, feedId, here);
  };
}

async function sendAgain({ db, log }: SettlePorts, feedId: number, here: readonly string[]): Promise<void> {
  await db.withScope(NOTHING, async (tx) => {
    await queue(tx, here);
    await repository.noteDone(tx, feedId, here, 'sent');
  });
  log.info({ instances: here.length }, 'what is missing in Orthanc is sent there again');
}

async function trash(ports: SettlePorts, feedId: number, here: readonly string[]): Promise<void> {
  const { db, log, by } = ports;
  requirePermission(by, 'trash.move');
  let studies = 0;
  for (const study of await db.reading(scopeOf(by), (tx) => findWhole(tx, here)))
    if (await db.withScope(scopeOf(by), (tx) => trashWhole(ports, tx, { feedId, study }))) studies += 1;
  if (studies > 0) log.info({ studies }, 'studies that were deleted in Orthanc are in the trash');
}

/**
 * Of a study all that is here was there and is no more: one that has more here, an answer of this server or what another brought, stays, also when that comes at this
 * very moment.
 */
async function trashWhole(
  { audit, clock, by }: SettlePorts,
  tx: Tx,
  { feedId, study }: { readonly feedId: number; readonly study: Awaited<ReturnType<typeof findWhole>>[number] },
): Promise<boolean> {
  const { id, patient_id: patientId, group_id: groupId, instances } = study;
  if (!(await lockStudy(tx, study, [])) || (await findWhole(tx, instances)).length === 0) return false;
  await trashStudy(tx, id, clock.now());
  await refreshPatients(tx, [patientId]);
  const details = { because: 'deleted-in-orthanc' };
  await audit.record(tx, { action: 'study.trashed', actor: by, entityType: 'study', entityId: id, patientId, groupId, details });
  await notifyStudy(tx, { id, patientId });
  await repository.noteDone(tx, feedId, instances, 'trashed');
  return true;
}

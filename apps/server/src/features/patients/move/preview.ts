import type { GOES_ALONG, PatientMove } from '@negatoscope/contract';
import { type Person, scopeOf } from '../../../access/index.ts';
import { countRows } from '../../../archive/kinds.ts';
import { isTakenThere } from '../../../archive/lifecycle/move-conflict.ts';
import { groupExists } from '../../../archive/partitions.ts';
import { findPatient } from '../../../archive/records/patients.ts';
import { Failure, notFound } from '../../../kernel/failure.ts';
import type { ReadTx } from '../../../platform/db/database.ts';
import { unknownGroup } from '../fields.ts';
import { mayMoveToGroup } from '../policy.ts';
import type { PatientDeps } from '../service.ts';
import { type Reader, sightMoved } from './sight.ts';

export interface MoveDeps {
  /** Everybody who may sign in. */
  readonly readers: (tx: ReadTx) => Promise<readonly Reader[]>;
}

type What = Exclude<(typeof GOES_ALONG)[number], 'STUDIES'>;
const TABLES: Readonly<Record<string, What>> = {
  annotations: 'ANNOTATIONS',
  report_versions: 'REPORTS',
  report_drafts: 'DRAFTS',
  predictions: 'PREDICTIONS',
  consultations: 'CONSULTATIONS',
  legal_holds: 'HOLDS',
};

/** What follows if a patient goes to another group, or to none: told before, changes nothing. */
export async function previewMove(
  { db, audit, kinds, readers }: PatientDeps & MoveDeps,
  actor: Person,
  id: string,
  groupId: string | null,
): Promise<PatientMove> {
  if (!mayMoveToGroup(actor)) throw new Failure('FORBIDDEN');
  const scope = scopeOf(actor);
  const found = await db.reading(scope, async (tx) => {
    const patient = await findPatient(tx, scope, id);
    if (patient === undefined) throw notFound();
    if (groupId !== null && !(await groupExists(tx, groupId))) throw unknownGroup();
    const rows = await countRows(tx, kinds, Object.keys(TABLES), id);
    const counted = rows.flatMap(({ what, rows: count }) => {
      const word = TABLES[what ?? ''];
      return word === undefined || count === null || count === 0 ? [] : [{ what: word, count }];
    });
    return {
      ...{ from: patient.group_id, to: groupId },
      ...sightMoved(await readers(tx), patient.group_id, groupId),
      goesAlong: [{ what: 'STUDIES' as const, count: patient.study_count }, ...counted],
      isRefused: patient.group_id !== groupId && (await isTakenThere(tx, id, groupId)),
    };
  });
  await audit.note({
    ...{ action: 'patient.move-asked', actor, entityType: 'patient', entityId: id, patientId: id, groupId: found.from },
    details: { gain: found.gain.count, lose: found.lose.count },
  });
  return found;
}

import type { BodyOf, HeaderIdentity, identifyImport, ResultOf } from '@negatoscope/contract';
import type { DicomJsonObject } from '@negatoscope/dicom';
import { type Person, scopeOf } from '../../../access/index.ts';
import { describePatients } from '../../../archive/records/patients.ts';
import { patientPlan, patientPlans } from '../../../archive/write/batch-lookup.ts';
import { contradictsPatient, identify, joinedBy, mismatchKind } from '../../../archive/write/identity.ts';
import type { ReceivedIdentity } from '../../../archive/write/received.ts';
import { notFound } from '../../../kernel/failure.ts';
import type { Db } from '../../../platform/db/database.ts';
import { bearersOf } from '../decide/planned-patient.ts';
import { identityOf } from '../stage/summary.ts';
import { decideGroup } from './target.ts';

const element = (vr: string, value: string): DicomJsonObject[string] => (value === '' ? { vr } : { vr, Value: [value] });

function receivedOf({ personName, patientId, issuer, birthDate }: HeaderIdentity): ReceivedIdentity {
  const [Alphabetic = '', Ideographic = '', Phonetic = ''] = personName.split('=');
  return identityOf({
    '00100010': { vr: 'PN', Value: [{ Alphabetic, Ideographic, Phonetic }] },
    '00100020': element('LO', patientId),
    '00100021': element('LO', issuer),
    '00100030': element('DA', birthDate),
  });
}

/**
 * Says of identities that a page read in files' headers what an import would make of them: by the same rules, in the same group. The
 * answer tells who is here: the contract lets only who sees identities ask. Fails as `decideGroup` does.
 */
export async function identifyFiles(
  db: Db,
  actor: Person,
  { identities, ...target }: BodyOf<typeof identifyImport>,
): Promise<ResultOf<typeof identifyImport>> {
  return db.reading(scopeOf(actor), async (tx) => {
    const { patientId, groupId: named } = target;
    const groupId = await decideGroup(tx, actor, {
      ...(patientId === undefined ? {} : { patientId }),
      ...(named === undefined ? {} : { groupId: named }),
    });
    const chosen = patientId === undefined ? undefined : await patientPlan(tx, patientId);
    if (patientId !== undefined && chosen === undefined) throw notFound();
    const received = identities.map(receivedOf);
    const known = await patientPlans(tx, groupId, [...new Set(received.map((one) => one.patientId).filter((id) => id !== ''))]);
    const found = received.map((one) => {
      const identified = identify(one, bearersOf(known, one));
      return {
        contradicts: chosen !== undefined && contradictsPatient(one, chosen),
        // Who chose the patient of whom they carry the number need not be asked.
        namesNobody:
          chosen !== undefined && mismatchKind(one, chosen) === 'NO_IDENTITY' && joinedBy(one, chosen) !== 'SAME_PATIENT_ID',
        ownerId: identified.kind === 'known' ? identified.patientId : null,
      };
    });
    const owners = await describePatients(
      tx,
      found.flatMap(({ ownerId }) => ownerId ?? []),
    );
    return { items: found.map(({ ownerId, ...one }) => ({ ...one, owner: owners.get(ownerId ?? '') ?? null })) };
  });
}

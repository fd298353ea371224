import { partition } from './access/index.ts';
import { shownName } from './archive/coercion/index.ts';
import type { ArchiveWriter } from './archive/doors.ts';
import { offeredOrders, tellNumbers } from './features/consultations/index.ts';
import type { Worklist } from './features/dimse/index.ts';

/** What is ordered in consultations as the worklist of modalities: of the node's own group, or of none where it has none. */
export const dimseWorklist = (db: ArchiveWriter): Worklist => ({
  wanted: async function* (groupId, days) {
    for await (const run of offeredOrders(db, partition(groupId), days))
      yield run.map(({ vitalSigns: { weightKg, heightCm }, patient, ...order }) => ({
        ...order,
        ...{ weightKg, heightCm },
        patient: {
          ...patient,
          name: shownName({ family_name: patient.familyName, given_name: patient.givenName, person_name: patient.personName }),
        },
      }));
  },
  tell: (groupId, patientIds) => tellNumbers(db, partition(groupId), patientIds),
});

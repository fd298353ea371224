import type { Consultation } from '@negatoscope/contract';
import type { Person } from '../../src/access/index.ts';
import { insertPatient } from '../../src/archive/records/patients.ts';
import { createAudit } from '../../src/features/audit/index.ts';
import { type ConsultationDeps, consultationActs, consultationJobs } from '../../src/features/consultations/index.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { newId } from '../../src/kernel/ids.ts';
import { composed } from '../../src/platform/db/statements.ts';
import { type DimseFixture, SILENT } from './support.ts';

type Wanted = Parameters<typeof consultationActs.order>[3];

/** A clinic before a listener: who registers, conducts and orders. */
export interface Clinic {
  readonly deps: ConsultationDeps;
  readonly physician: Person;
  /** A patient of a group, with a consultation that goes on. */
  visit(values: {
    lastName: string;
    firstName: string;
    groupId?: string | null;
    birthDate?: string;
    day?: string;
  }): Promise<Consultation>;
  order(visit: Consultation, wanted: Partial<Wanted>): Promise<Consultation>;
  /** Attaches what modalities have made. */
  attachMade(): Promise<object | undefined>;
  rows(text: string, values?: (string | null)[]): Promise<Record<string, unknown>[]>;
}

export const TODAY = new Date().toISOString().slice(0, 10);

export async function openClinic({ db, actor }: Pick<DimseFixture, 'db' | 'actor'>): Promise<Clinic> {
  const deps = { db, audit: createAudit({ db, clock: systemClock }), clock: systemClock, events: SILENT };
  const admin = await actor('ADMIN');
  // Of every group, so that one does for all.
  const physician = { ...admin, permissions: new Set([...admin.permissions, 'consultations.conduct' as const]) };
  const visit: Clinic['visit'] = async ({ lastName, firstName, groupId = null, birthDate = '1980-05-06', day = TODAY }) => {
    const id = newId();
    const patient = { id, groupId, externalId: null, familyName: lastName, givenName: firstName, birthDate, sex: 'F' as const };
    await db.withSystem((tx) => insertPatient(tx, { ...patient, phone: null, address: null, now: new Date() }));
    const registered = await consultationActs.register(deps, physician, {
      ...{ patientId: id, date: day, reason: 'Toux', physicianId: null },
    });
    return consultationActs.move(deps, physician, registered.id, { status: 'IN_PROGRESS' });
  };
  const [attaching] = consultationJobs({ ...deps, state: { events: SILENT } });
  return {
    deps,
    physician,
    visit,
    order: ({ id }, wanted) =>
      consultationActs.order(deps, physician, id, { modality: 'DX', bodyPart: 'CHEST', reason: '', ...wanted }),
    attachMade: async () => attaching?.run({}, { attempt: 1, isLast: true, signal: new AbortController().signal }),
    rows: (text, values = []) => db.withSystem((tx) => tx.rows(composed({ text, values }))),
  };
}

import type { ImportReport } from '@negatoscope/contract';
import { chestXray, type Dataset } from '@negatoscope/testkit';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../../../access/index.ts';
import { createIngestFixture, formOf, type IngestFixture, type NamedBytes } from '../ingest-fixture.ts';

let fixture: IngestFixture;
let [physician, staff]: FastifyInstance[] = [];
let physicianActor: Person;
let staffActor: Person;
beforeAll(async () => {
  fixture = await createIngestFixture();
  physicianActor = await fixture.actor('PHYSICIAN');
  staffActor = await fixture.actor('STAFF');
  physician = await fixture.http(physicianActor);
  staff = await fixture.http(staffActor);
});
afterAll(async () => {
  await physician?.close();
  await staff?.close();
  await fixture.close();
});

const REASON = 'Nom de jeune fille, vérifié sur la pièce d’identité';
const server = (app: FastifyInstance | undefined): FastifyInstance => {
  if (app === undefined) throw new Error('The server did not start.');
  return app;
};

function xray(seed: string, dataset: Dataset = {}): NamedBytes {
  for (const { bytes } of chestXray({
    seed,
    rows: 16,
    columns: 16,
    dataset: { PatientID: seed, PatientBirthDate: '19700203', ...dataset },
  }))
    return { name: `${seed}.dcm`, bytes };
  throw new Error('The phantom has no instance.');
}

/** A patient with one study, and the file of a stranger. */
async function pair(seed: string): Promise<{ patientId: string; stranger: NamedBytes }> {
  const [own] = await fixture.send([xray(`${seed} own`, { PatientName: 'Martin^Ana' })]);
  return {
    patientId: own?.patientId ?? '',
    stranger: xray(`${seed} stranger`, { PatientName: 'Núñez^Luc', PatientBirthDate: '19410506' }),
  };
}

const send = (
  app: FastifyInstance | undefined,
  files: NamedBytes[],
  fields: Record<string, string>,
  headers: Record<string, string> = {},
) => {
  const form = formOf(files, fields);
  return server(app).inject({
    method: 'POST',
    url: '/api/patients/import',
    payload: form.payload,
    headers: { ...form.headers, ...headers },
  });
};

const studyOf = (patientName: string) =>
  fixture.db.withSystem((tx) =>
    tx.first(
      `SELECT s.id, s.patient_id, s.identity_mismatch, s.search_text, p.identity_status, p.suspect_id
       FROM studies s JOIN patients p ON p.id = s.patient_id WHERE s.received_identity->>'personName' = $1 ORDER BY s.id DESC`,
      [patientName],
    ),
  );

describe('images of another identity than the chosen patient’s', () => {
  test.each(['multipart', 'async', 'opened import'] as const)(
    '%s: accepting them needs the permission and a reason',
    async (entrance) => {
      const { patientId, stranger } = await pair(`gate ${entrance}`);
      const ask = (app: FastifyInstance | undefined, fields: Record<string, string>) =>
        entrance === 'opened import'
          ? server(app).inject({ method: 'POST', url: '/api/imports', payload: { ...fields, acceptMismatch: true } })
          : send(app, [stranger], { ...fields, acceptMismatch: 'true' }, entrance === 'async' ? { prefer: 'respond-async' } : {});
      expect((await ask(staff, { patientId, mismatchReason: REASON })).json()).toMatchObject({ code: 'FORBIDDEN' });
      for (const fields of [{ patientId }, { patientId, mismatchReason: '    . ' }] as Record<string, string>[]) {
        const answer = await ask(physician, fields);
        expect(answer.json()).toMatchObject({ code: 'VALIDATION_FAILED', errors: [{ path: 'mismatchReason' }] });
      }
      expect((await ask(physician, { mismatchReason: REASON })).json()).toMatchObject({ code: 'VALIDATION_FAILED' });
      expect([200, 201, 202]).toContain((await ask(physician, { patientId, mismatchReason: REASON })).statusCode);
    },
  );

  test('of an opened import are refused once the person may no longer accept them', async () => {
    const { patientId, stranger } = await pair('lost');
    const opened = await server(physician).inject({
      method: 'POST',
      url: '/api/imports',
      payload: { patientId, acceptMismatch: true, mismatchReason: REASON },
    });
    const { id } = opened.json<ImportReport>();
    const permissions = new Set([...physicianActor.permissions].filter((one) => one !== 'identity-review.decide'));
    const later = await fixture.http({ ...physicianActor, permissions });
    const form = formOf([stranger]);
    const answer = await later.inject({ method: 'POST', url: `/api/imports/${id}/files`, ...form });
    expect(answer.json()).toMatchObject({ code: 'FORBIDDEN' });
    await later.close();
  });

  test('accepted ones stay marked with identity, reason and person, are found by the stranger’s name, and audited', async () => {
    const { patientId, stranger } = await pair('marked');
    const { id: importId } = (
      await send(physician, [stranger], { patientId, acceptMismatch: 'true', mismatchReason: REASON })
    ).json<ImportReport>();
    const study = await studyOf('Núñez^Luc');
    expect(study).toMatchObject({
      patient_id: patientId,
      identity_mismatch: {
        reason: REASON,
        importId,
        userId: physicianActor.userId,
        received: { familyName: 'Núñez', birthDate: '1941-05-06' },
      },
    });
    expect(study?.search_text).toContain('nunez luc');
    const events = await fixture.db.withSystem((tx) =>
      tx.rows(
        `SELECT actor_id, patient_id, details FROM audit_events WHERE action = 'study.mismatch-accepted' AND entity_id = $1`,
        [study?.id ?? ''],
      ),
    );
    expect(events).toEqual([{ actor_id: physicianActor.userId, patient_id: patientId, details: { importId } }]);
  });

  test('that does not contradict is not marked, whatever was accepted', async () => {
    const { patientId } = await pair('same');
    const own = xray('same own', { PatientName: 'MARTIN^ANA', StudyInstanceUID: '2.25.90001', SOPInstanceUID: '2.25.90002' });
    expect((await send(physician, [own], { patientId, acceptMismatch: 'true', mismatchReason: REASON })).json()).toMatchObject({
      stored: 1,
    });
    expect(await studyOf('MARTIN^ANA')).toMatchObject({ patient_id: patientId, identity_mismatch: null });
  });

  test('two people’s imports at once are each marked with its own reason', async () => {
    const { patientId, stranger } = await pair('twice');
    const other = xray('twice other', { PatientName: 'Zola^Émile' });
    const colleague = await fixture.http(await fixture.actor('RADIOLOGIST'));
    const fields = { patientId, acceptMismatch: 'true' };
    await Promise.all([
      send(physician, [stranger], { ...fields, mismatchReason: 'premier motif' }),
      send(colleague, [other], { ...fields, mismatchReason: 'second motif' }),
    ]);
    expect((await studyOf('Núñez^Luc'))?.identity_mismatch).toMatchObject({ reason: 'premier motif' });
    expect((await studyOf('Zola^Émile'))?.identity_mismatch).toMatchObject({ reason: 'second motif' });
    await colleague.close();
  });

  test('are filed under their owner when the import says so, the chosen patient’s own under them', async () => {
    const { patientId, stranger } = await pair('owner');
    const [known] = await fixture.send([
      xray('owner stranger', {
        PatientName: 'Núñez^Luc',
        PatientBirthDate: '19410506',
        StudyInstanceUID: '2.25.90010',
        SOPInstanceUID: '2.25.90011',
      }),
    ]);
    const own = xray('owner own', { PatientName: 'Martin^Ana', StudyInstanceUID: '2.25.90012', SOPInstanceUID: '2.25.90013' });
    const report = (await send(staff, [stranger, own], { patientId, onMismatch: 'owner' })).json<ImportReport>();
    expect(report).toMatchObject({ stored: 2, rejected: 0 });
    expect(report.patients.map(({ id }) => id).sort()).toEqual([patientId, known?.patientId].sort());
    expect((await studyOf('Núñez^Luc'))?.patient_id).toBe(known?.patientId);
  });

  test('are kept apart for the identity review when the import says so, beside the chosen patient, all together', async () => {
    const { patientId, stranger } = await pair('apart');
    const second = xray('apart stranger', {
      PatientName: 'Núñez^Luc',
      PatientBirthDate: '19410506',
      StudyInstanceUID: '2.25.90020',
      SOPInstanceUID: '2.25.90021',
    });
    for (const file of [stranger, second])
      expect((await send(staff, [file], { patientId, onMismatch: 'apart' })).json()).toMatchObject({ stored: 1 });
    const study = await studyOf('Núñez^Luc');
    expect(study).toMatchObject({ identity_status: 'IDENTITY_REVIEW', suspect_id: patientId, identity_mismatch: null });
    const count = await fixture.db.withSystem((tx) =>
      tx.first('SELECT study_count FROM patients WHERE id = $1', [study?.patient_id ?? '']),
    );
    expect(count).toEqual({ study_count: 2 });
  });

  test('that are here already: the report says under whom', async () => {
    const { patientId, stranger } = await pair('here');
    const [known] = await fixture.send([stranger]);
    const report = (await send(staff, [stranger], { patientId })).json<ImportReport>();
    expect(report).toMatchObject({ duplicates: 1, stored: 0 });
    expect(report.alreadyUnder).toMatchObject([{ id: known?.patientId, files: 1, isOther: true }]);
    const again = (await send(staff, [stranger], {})).json<ImportReport>();
    expect(again.alreadyUnder).toMatchObject([{ id: known?.patientId, files: 1, isOther: false }]);
    const elsewhere = await fixture.http(await fixture.actor('PHYSICIAN', await fixture.group()));
    expect((await send(elsewhere, [stranger], {})).json()).toMatchObject({ stored: 1, alreadyUnder: [] });
    await elsewhere.close();
  });
});

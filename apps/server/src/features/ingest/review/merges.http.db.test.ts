import type { IdentityReview, PatientMerge } from '@negatoscope/contract';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createIngestFixture, type IngestFixture, xray } from '../ingest-fixture.ts';

let fixture: IngestFixture;
let app: FastifyInstance;
beforeAll(async () => {
  fixture = await createIngestFixture();
  app = await fixture.http(await fixture.actor());
});
afterAll(async () => {
  await app.close();
  await fixture.close();
});

const reviewOf = async (externalId: string): Promise<IdentityReview | undefined> => {
  const { items } = (await app.inject({ url: '/api/identity-review?limit=100' })).json<{ items: IdentityReview[] }>();
  return items.find((one) => one.patient.externalId === externalId);
};

/** Two records of one Patient ID and different names, the second one merged into the first. */
async function merged(id: string): Promise<{ from: string; into: string; merge: PatientMerge; before: object[] }> {
  const [first, second] = [
    xray(`${id} a`, { PatientID: id, PatientName: 'Blanc^Ida' }),
    xray(`${id} b`, { PatientID: id, PatientName: 'Brun^Ida' }),
  ];
  await fixture.send([first]);
  await fixture.send([second]);
  const review = await reviewOf(id);
  const [from = '', into = ''] = [review?.patient.id, review?.suspect?.id];
  const before = await standing(from, into);
  const decided = await app.inject({
    method: 'POST',
    url: `/api/identity-review/${from}/decision`,
    payload: { decision: 'same' },
  });
  expect(decided.statusCode).toBe(204);
  const { items } = (await app.inject({ url: `/api/patients/${into}/merges` })).json<{ items: PatientMerge[] }>();
  const [merge] = items;
  if (merge === undefined) throw new Error('The merge was not noted.');
  return { from, into, merge, before };
}

const standing = (from: string, into: string): Promise<object[]> =>
  fixture.db.withSystem((tx) =>
    tx.rows(
      `SELECT p.id, p.merged_into, p.deleted_at, p.identity_status, p.identity_reason, p.suspect_id, p.study_count,
         (SELECT jsonb_agg(s.id ORDER BY s.id) FROM studies s WHERE s.patient_id = p.id) AS studies,
         (SELECT jsonb_agg(s.identity_mismatch) FROM studies s WHERE s.patient_id = p.id) AS marks,
         (SELECT count(*)::int FROM import_files f WHERE f.patient_id = p.id) AS files
       FROM patients p WHERE p.id = ANY($1::uuid[]) ORDER BY p.id`,
      [[from, into]],
    ),
  );
const undo = async (id: string, who = app) => {
  const answer = await who.inject({ method: 'POST', url: `/api/patient-merges/${id}/undo` });
  return answer.statusCode === 204 ? 'undone' : answer.json<{ code: string }>().code;
};

test('a merge is told with its record, and undone: the records, their studies and the review are as before', async () => {
  const { from, into, merge, before } = await merged('undone');
  expect(merge).toMatchObject({ from: { id: from, lastName: 'Brun', firstName: 'Ida' }, by: 'PERSON Test', undoneAt: null });
  expect(Date.parse(merge.undoUntil ?? '') - Date.parse(merge.mergedAt)).toBe(30 * 86_400_000);
  expect(await standing(from, into)).not.toEqual(before);
  expect(await reviewOf('undone')).toBeUndefined();
  expect(await undo(merge.id)).toBe('undone');
  expect(await standing(from, into)).toEqual(before);
  expect(await reviewOf('undone')).toMatchObject({ patient: { id: from }, suspect: { id: into }, reason: 'CONTRADICTION' });
  const events = await fixture.db.withSystem((tx) =>
    tx.rows(
      "SELECT actor_id IS NOT NULL AS by, patient_id, details FROM audit_events WHERE action = 'patient.merge-undone' AND entity_id = $1",
      [from],
    ),
  );
  expect(events).toEqual([{ by: true, patient_id: into, details: { mergeId: merge.id } }]);
  expect(await undo(merge.id)).toBe('UNDO_SUPERSEDED');
  const { items } = (await app.inject({ url: `/api/patients/${into}/merges` })).json<{ items: PatientMerge[] }>();
  expect(items).toMatchObject([{ id: merge.id, undoUntil: null }]);
});

test('a file of either name goes to its own record again once the merge is undone', async () => {
  const { from, into, merge } = await merged('again');
  await undo(merge.id);
  const [brun, blanc] = await fixture.send([
    xray('again c', { PatientID: 'again', PatientName: 'Brun^Ida', SOPInstanceUID: '2.25.7001', StudyInstanceUID: '2.25.7002' }),
    xray('again d', { PatientID: 'again', PatientName: 'Blanc^Ida', SOPInstanceUID: '2.25.7003', StudyInstanceUID: '2.25.7004' }),
  ]);
  expect([brun?.patientId, blanc?.patientId]).toEqual([from, into]);
});

test('is refused after thirty days, once a study of it is somebody else’s, or a record went on', async () => {
  const late = await merged('late');
  await fixture.db.withSystem((tx) =>
    tx.run("UPDATE patient_merges SET merged_at = merged_at - interval '30 days' WHERE id = $1", [late.merge.id]),
  );
  expect(await undo(late.merge.id)).toBe('UNDO_EXPIRED');
  const changed = await merged('changed');
  await fixture.db.withSystem((tx) =>
    tx.run('UPDATE studies SET patient_id = $2 WHERE patient_id = $1', [changed.into, late.into]),
  );
  expect(await undo(changed.merge.id)).toBe('UNDO_CHANGED');
  const trashed = await merged('trashed');
  await fixture.db.withSystem((tx) => tx.run('UPDATE patients SET deleted_at = now() WHERE id = $1', [trashed.into]));
  expect(await undo(trashed.merge.id)).toBe('UNDO_SUPERSEDED');
});

test('is refused as well once a study of it is somebody else’s in a group that is not seen', async () => {
  const { from, merge } = await merged('away');
  const group = await fixture.group();
  const actor = await fixture.actor('PHYSICIAN', group);
  const [there] = await fixture.send([xray('away c', { PatientID: 'away c', PatientName: 'Noir^Ana' })], { actor });
  await fixture.db.withSystem((tx) =>
    tx.run(
      `UPDATE studies SET patient_id = $2, group_id = $3
       WHERE id = (SELECT (m.moved #>> '{studies,0}')::uuid FROM patient_merges m WHERE m.id = $1)`,
      [merge.id, there?.patientId ?? '', group],
    ),
  );
  expect(await undo(merge.id)).toBe('UNDO_CHANGED');
  const [record] = await standing(from, from);
  expect(record).toMatchObject({ merged_into: expect.any(String) });
});

test('is of its scope, and of who decides about identities', async () => {
  const { into, merge } = await merged('scope');
  const elsewhere = await fixture.http(await fixture.actor('PHYSICIAN', await fixture.group()));
  const staff = await fixture.http(await fixture.actor('STAFF'));
  const [stranger, desk] = [await fixture.group().then((group) => fixture.actor('RESEARCHER', group)), staff];
  const blind = await fixture.http(stranger);
  expect(await undo(merge.id, desk)).toBe('FORBIDDEN');
  expect(await undo(merge.id, blind)).toBe('FORBIDDEN');
  expect((await staff.inject({ url: `/api/patients/${into}/merges` })).json()).toMatchObject({ code: 'FORBIDDEN' });
  const unknown = '00000000-0000-7000-8000-000000000000';
  expect(await undo(unknown)).toBe('NOT_FOUND');
  expect((await app.inject({ url: `/api/patients/${unknown}/merges` })).json()).toMatchObject({ code: 'NOT_FOUND' });
  for (const one of [elsewhere, staff, blind]) await one.close();
});

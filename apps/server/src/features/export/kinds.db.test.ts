import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createIndexApp, GROUP_A, type IndexApp, seedPatient, seedStudy } from '../../../test/support/index-app.ts';
import { unzip } from '../../../test/support/unzip.ts';
import type { RowKind } from '../../archive/row-kind.ts';
import { newId } from '../../kernel/ids.ts';
import { ROW_KINDS } from '../../row-kinds.ts';

/** A kind that a feature might bring, with a PDF for each row. */
const REPORTS: RowKind = {
  table: 'test_reports',
  level: 'study',
  key: 'study_id',
  group: 'group_id',
  merge: 'stays',
  purge: 'delete',
  object: { column: 'id', size: 'size_bytes', sha256: 'sha256', damagedAs: 'DERIVED' },
  export: { permission: 'studies.read', columns: ['words'], extension: 'pdf' },
};
const UID = '1.2.826.41';
const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

let index: IndexApp;
let patientId: string;
let studyId: string;
beforeAll(async () => {
  index = await createIndexApp({ kinds: [...ROW_KINDS, REPORTS] });
  await index.owner.query(
    `CREATE TABLE test_reports (id uuid PRIMARY KEY, study_id uuid, group_id uuid, words text, size_bytes bigint, sha256 bytea);
     GRANT SELECT, INSERT, UPDATE, DELETE ON test_reports TO negatoscope_app`,
  );
  patientId = await seedPatient(index.owner, { groupId: GROUP_A, familyName: 'RAPPORT' });
  ({ id: studyId } = await seedStudy(index.owner, { patientId, groupId: GROUP_A, uid: UID, instances: 0 }));
});
afterAll(() => index.close());

async function report(words: string, { kept, stored = kept }: { kept: Buffer; stored?: Buffer | undefined }): Promise<string> {
  const id = newId();
  await index.owner.query('INSERT INTO test_reports VALUES ($1, $2, $3, $4, $5, $6)', [
    id,
    studyId,
    GROUP_A,
    words,
    kept.length,
    sha256(kept),
  ]);
  index.objects.set(id, stored);
  return id;
}

test('rows of a declared kind leave beside their study, with their objects; one that is damaged is told as missing', async () => {
  const pdf = Buffer.from('%PDF-1.4 compte rendu');
  const whole = await report('Rien à signaler', { kept: pdf });
  const damaged = await report('Abîmé', { kept: pdf, stored: Buffer.from('%PDF-1.4 autre chose..').subarray(0, pdf.length) });
  const answer = await index.ask('RADIOLOGIST@A', 'GET', `/api/patients/${patientId}/export`);
  const files = await unzip(answer.raw);
  const record = JSON.parse(String(files.get('patients.json')))[0].recordNumber;
  const folder = `${record}/${UID}`;
  expect(JSON.parse(String(files.get(`${folder}/test_reports.json`)))).toEqual([
    { hangsOn: UID, words: 'Rien à signaler', object: whole },
    { hangsOn: UID, words: 'Abîmé', object: damaged },
  ]);
  expect(files.get(`${folder}/test_reports/${whole}.pdf`)?.equals(pdf)).toBe(true);
  const manifest = JSON.parse(String(files.get('manifest.json')));
  expect(manifest.missing).toEqual([`${folder}/test_reports/${damaged}.pdf`]);
  expect(manifest.files).toContainEqual({
    path: `${folder}/test_reports/${whole}.pdf`,
    sizeBytes: pdf.length,
    sha256: sha256(pdf).toString('hex'),
  });
});

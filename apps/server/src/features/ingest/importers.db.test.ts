import { ctVolume } from '@negatoscope/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NOTHING, service } from '../../access/index.ts';
import { createIngestFixture, type IngestFixture } from './ingest-fixture.ts';
import type { Importer } from './types.ts';

let fixture: IngestFixture;
/** How long commits were held back. */
const pauses: number[] = [];
beforeAll(async () => {
  fixture = await createIngestFixture({ beat: { now: () => 40, pause: async (ms) => void pauses.push(ms) } });
});
afterAll(() => fixture.close());

const LOADER = service('load-demo', ['imports.create', 'patients.identity']);
const filesOf = (seed: string) =>
  [...ctVolume({ seed, slices: 1, rows: 8, columns: 8 })].map(({ fileName, bytes, studyInstanceUid }) => ({
    name: fileName,
    bytes: Buffer.from(bytes),
    studyInstanceUid,
  }));
async function* parts(files: readonly { name: string; bytes: Buffer }[]) {
  for (const { name, bytes } of files) yield { name, stream: once(bytes) };
}
async function* once(bytes: Buffer) {
  yield bytes;
}

const importOf = (id: string) =>
  fixture.db.withSystem((tx) => tx.first('SELECT user_id, status, stored FROM imports WHERE id = $1', [id]));
/** Who the journal says imported a study, and whether it was the study of an import. */
const importers = (uid: string) =>
  fixture.db.withSystem((tx) =>
    tx.rows(
      `SELECT e.actor, e.actor_id, e.group_id FROM audit_events e JOIN studies s ON s.id::text = e.entity_id
       WHERE e.action = 'study.import' AND s.study_instance_uid = $1`,
      [uid],
    ),
  );

test('a service fills the import that a person opened; the import stays theirs, and the journal names the service', async () => {
  const admin = await fixture.actor('ADMIN');
  const importId = await fixture.ingest.openImport(admin, { entrance: 'DEMO' });
  const files = filesOf('of a service');
  const results = await fixture.ingest.ingestFiles(LOADER, { entrance: 'DEMO', importId }, parts(files));
  expect(results.map(({ outcome }) => outcome)).toEqual(['stored']);
  await fixture.ingest.closeImport(LOADER, importId);
  expect(await importOf(importId)).toEqual({ user_id: admin.userId, status: 'DONE', stored: 1 });
  expect(await importers(files[0]?.studyInstanceUid ?? '')).toEqual([
    { actor: 'service:load-demo', actor_id: null, group_id: null },
  ]);
});

test('what a service brings by itself is nobody’s import, and of the group that it names', async () => {
  const groupId = await fixture.group();
  const files = filesOf('made here');
  const results = await fixture.ingest.ingestFiles(LOADER, { entrance: 'DIMSE', groupId }, parts(files));
  expect(results.map(({ outcome }) => outcome)).toEqual(['stored']);
  const [event] = await importers(files[0]?.studyInstanceUid ?? '');
  expect(event).toEqual({ actor: 'service:load-demo', actor_id: null, group_id: groupId });
  const nobodys = await fixture.db.withSystem((tx) =>
    tx.rows("SELECT id FROM imports WHERE entrance = 'DIMSE' AND user_id IS NULL AND group_id = $1", [groupId]),
  );
  expect(nobodys).toHaveLength(1);
  const own = await fixture.db.reading(NOTHING, (tx) => tx.rows('SELECT id FROM imports'));
  expect(own).toEqual([]);
});

test('a service without the right to see identities has no partition to import into, and imports nothing', async () => {
  const blind: Importer = service('blind', ['imports.create']);
  const refused = fixture.ingest.ingestFiles(blind, { entrance: 'DIMSE' }, parts(filesOf('blind')));
  await expect(refused).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

test('the commits of who sees no identities end on a beat, and nobody else waits', async () => {
  const groupId = await fixture.group();
  const sent = async (role: 'PHYSICIAN' | 'RESEARCHER') => {
    pauses.length = 0;
    const actor = await fixture.actor(role, groupId);
    const results = await fixture.ingest.ingestFiles(actor, { entrance: 'STOW' }, parts(filesOf(`of a ${role}`)));
    expect(results.map(({ outcome }) => outcome)).toEqual(['stored']);
    return [...pauses];
  };
  expect(await sent('PHYSICIAN')).toEqual([]);
  expect(await sent('RESEARCHER')).toEqual([100]);
});

import type { Conflict, IdentityReview } from '@negatoscope/contract';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packSeriesMetadata } from '../../../archive/metadata/packing.ts';
import { readSeriesMetadata } from '../../../archive/metadata/series-metadata.ts';
import { removeOrphans } from '../../../archive/objects/orphans.ts';
import { MadeObject } from '../../../platform/objects/staging/index.ts';
import { changed, createIngestFixture, type IngestFixture, type NamedBytes, xray } from '../ingest-fixture.ts';

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

const decide = (id: string, decision: string) =>
  app.inject({ method: 'POST', url: `/api/conflicts/${id}/decision`, payload: { decision } });

async function conflictOf(
  seed: string,
): Promise<{ conflict: Conflict; original: NamedBytes; incoming: NamedBytes; storedId: string }> {
  const original = xray(seed);
  const incoming = changed(original);
  const results = await fixture.send([original, incoming]);
  const { items } = (await app.inject({ url: '/api/conflicts' })).json<{ items: Conflict[] }>();
  const conflict = items.find((one) => one.sopInstanceUid === results[1]?.sopInstanceUid);
  if (conflict === undefined) throw new Error('There is no conflict.');
  return { conflict, original, incoming, storedId: results[0]?.instanceId ?? '' };
}

const instanceOf = (sopInstanceUid: string) =>
  fixture.db.withSystem((tx) =>
    tx.first(
      `SELECT i.id, i.series_id, s.instance_count, s.size_bytes, s.version FROM instances i JOIN series s ON s.id = i.series_id WHERE sop_instance_uid = $1`,
      [sopInstanceUid],
    ),
  );

describe('a conflict', () => {
  test('shows both sides; keeping leaves the stored bytes and the incoming one aside', async () => {
    const { conflict, original, storedId } = await conflictOf('keep');
    const shown = (await app.inject({ url: `/api/conflicts/${conflict.id}` })).json<Conflict>();
    expect(shown).toMatchObject({ kind: 'SAME_UID_OTHER_CONTENT', status: 'OPEN', differences: [] });
    expect(shown.existing?.patientName).toBe(shown.incoming.patientName);
    expect(shown.incoming.patientName).toMatch(/^\p{Lu}+ /u);
    expect((await decide(conflict.id, 'keep')).json()).toMatchObject({ status: 'KEPT' });
    expect((await decide(conflict.id, 'replace')).json()).toMatchObject({ code: 'ALREADY_DECIDED' });
    expect((await fixture.objects.read(storedId, 0, original.bytes.length)).equals(original.bytes)).toBe(true);
    expect(await fixture.objects.size(conflict.id)).toBe(original.bytes.length);
  });

  test('replacing makes the incoming one the instance and the old one a version, with right counts', async () => {
    const { conflict, original, incoming, storedId } = await conflictOf('replace');
    const before = await instanceOf(conflict.sopInstanceUid);
    expect((await decide(conflict.id, 'replace')).json()).toMatchObject({ status: 'REPLACED' });
    const after = await instanceOf(conflict.sopInstanceUid);
    expect(after).toMatchObject({ id: conflict.id, instance_count: 1, size_bytes: incoming.bytes.length });
    expect(after?.version).toBeGreaterThan(before?.version ?? 0);
    expect((await fixture.objects.read(storedId, 0, original.bytes.length)).equals(original.bytes)).toBe(true);
    const version = await fixture.db.withSystem((tx) =>
      tx.first('SELECT replaced_by FROM instance_versions WHERE id = $1', [storedId]),
    );
    expect(version).toEqual({ replaced_by: conflict.id });
    expect(await fixture.send([incoming])).toMatchObject([{ outcome: 'duplicate', instanceId: conflict.id }]);
  });

  test('discarding leaves the stored one, and the incoming object for as long as that can be undone', async () => {
    const { conflict, storedId } = await conflictOf('discard');
    expect((await decide(conflict.id, 'discard')).json()).toMatchObject({ status: 'DISCARDED' });
    expect((await instanceOf(conflict.sopInstanceUid))?.id).toBe(storedId);
    const later = { ...fixture, clock: { now: () => new Date(Date.now() + 2 * 3_600_000) } };
    expect(await removeOrphans(later)).toBe(0);
    const age = "UPDATE conflicts SET object_until = object_until - interval '31 days' WHERE id = $1";
    await fixture.db.withSystem((tx) => tx.run(age, [conflict.id]));
    expect(await removeOrphans(later)).toBe(1);
    await expect(fixture.objects.size(conflict.id)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await fixture.objects.size(storedId)).toBeGreaterThan(0);
  });

  test('of an instance that contradicts its study joins it when it is accepted', async () => {
    const first = xray('joined', { PatientName: 'Roux^Jo', PatientID: 'J1' });
    const uids = (await fixture.send([first]))[0];
    const { studyInstanceUid = '', seriesInstanceUid = '' } = uids ?? {};
    const second = xray('joining', {
      PatientName: 'Noir^Al',
      PatientID: 'J2',
      StudyInstanceUID: studyInstanceUid,
      SeriesInstanceUID: seriesInstanceUid,
      SOPInstanceUID: '2.25.4711',
    });
    expect(await fixture.send([second])).toMatchObject([{ outcome: 'conflict', reason: 'STUDY_PATIENT_MISMATCH' }]);
    const { items } = (await app.inject({ url: '/api/conflicts' })).json<{ items: Conflict[] }>();
    const conflict = items.find((one) => one.sopInstanceUid === '2.25.4711');
    const shown = (await app.inject({ url: `/api/conflicts/${conflict?.id}` })).json<Conflict>();
    expect(shown.differences?.map(({ keyword }) => keyword)).toContain('PatientName');
    expect((await decide(conflict?.id ?? '', 'replace')).statusCode).toBe(200);
    expect(await instanceOf('2.25.4711')).toMatchObject({ instance_count: 2 });
  });

  test('is invisible to another group', async () => {
    const { conflict } = await conflictOf('private');
    const other = await fixture.http(await fixture.actor('RESEARCHER', await fixture.group()));
    expect((await other.inject({ url: `/api/conflicts/${conflict.id}` })).statusCode).toBeGreaterThanOrEqual(403);
    await other.close();
  });
});

describe('an identity review', () => {
  const pair = async (id: string): Promise<IdentityReview> => {
    await fixture.send([xray(`${id} a`, { PatientID: id, PatientName: 'Blanc^Ida' })]);
    await fixture.send([xray(`${id} b`, { PatientID: id, PatientName: 'Brun^Ida' })]);
    const { items } = (await app.inject({ url: '/api/identity-review' })).json<{ items: IdentityReview[] }>();
    const review = items.find((one) => one.patient.externalId === id);
    if (review === undefined) throw new Error('There is no review.');
    return review;
  };
  const end = (id: string, decision: string) =>
    app.inject({ method: 'POST', url: `/api/identity-review/${id}/decision`, payload: { decision } });

  test('that finds the same person moves the studies, keeps the identifiers, and is not asked again', async () => {
    const review = await pair('SAME');
    expect(review).toMatchObject({ reason: 'CONTRADICTION', patient: { lastName: 'Brun' }, suspect: { lastName: 'Blanc' } });
    expect((await end(review.id, 'same')).statusCode).toBe(204);
    expect((await end(review.id, 'same')).statusCode).toBeGreaterThanOrEqual(404);
    const again = await fixture.send([xray('SAME c', { PatientID: 'SAME', PatientName: 'Brun^Ida' })]);
    expect(again).toMatchObject([{ outcome: 'stored', patientId: review.suspect?.id }]);
    const patient = await fixture.db.withSystem((tx) =>
      tx.first('SELECT study_count, family_name FROM patients WHERE id = $1', [review.suspect?.id ?? '']),
    );
    expect(patient).toEqual({ study_count: 3, family_name: 'Blanc' });
  });

  test('that finds another person confirms them', async () => {
    const review = await pair('DIFFERENT');
    expect((await end(review.id, 'different')).statusCode).toBe(204);
    expect((await end(review.id, 'different')).json()).toMatchObject({ code: 'ALREADY_DECIDED' });
    const again = await fixture.send([xray('DIFFERENT c', { PatientID: 'DIFFERENT', PatientName: 'Brun^Ida' })]);
    expect(again).toMatchObject([{ outcome: 'stored', patientId: review.id }]);
  });
});

describe('jobs', () => {
  const later = { now: () => new Date(Date.now() + 2 * 3_600_000) };

  test('a quiet series’ metadata moves into one object, and conflicts are still compared with it', async () => {
    const file = xray('packed');
    const [result] = await fixture.send([file]);
    const row = await instanceOf(result?.sopInstanceUid ?? '');
    expect(await packSeriesMetadata({ ...fixture, clock: later })).toBeGreaterThan(0);
    const series = await fixture.db.withSystem((tx) =>
      tx.first(
        'SELECT metadata_object, (SELECT count(*) FROM instance_metadata m WHERE m.series_id = series.id) AS waiting FROM series WHERE id = $1',
        [row?.series_id ?? ''],
      ),
    );
    expect(series?.waiting).toBe(0);
    const packed = await readSeriesMetadata(fixture.objects, series?.metadata_object ?? '');
    expect(packed.map(({ instanceId }) => instanceId)).toEqual([row?.id]);
    expect(await fixture.send([changed(file)])).toMatchObject([{ outcome: 'conflict' }]);
    expect(await packSeriesMetadata({ ...fixture, clock: later })).toBe(0);
  });

  test('objects that no row names go; all others stay', async () => {
    const orphan = new MadeObject(Buffer.from('nobody knows me'));
    await fixture.objects.put([orphan]);
    expect(await removeOrphans({ ...fixture, clock: { now: () => new Date() } })).toBe(0);
    expect(await removeOrphans({ ...fixture, clock: later })).toBe(1);
    await expect(fixture.objects.size(orphan.id)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    const missing = await fixture.db.withSystem((tx) =>
      tx.rows('SELECT id FROM instances UNION ALL SELECT id FROM instance_versions'),
    );
    for (const { id } of missing) expect(await fixture.objects.size(id)).toBeGreaterThan(0);
  });
});

describe('a token that reads conflicts without identities', () => {
  test('sees that there are some, but neither names nor which attributes differ', async () => {
    const file = xray('conflict without names');
    await fixture.send([file]);
    expect(await fixture.send([changed(file)])).toMatchObject([{ outcome: 'conflict' }]);
    const whole = await fixture.actor();
    const http = await fixture.http({ ...whole, permissions: new Set(['conflicts.read']) });
    const list = (await http.inject('/api/conflicts')).json<{ items: { id: string }[] }>();
    const one = await http.inject(`/api/conflicts/${list.items[0]?.id}`);
    await http.close();
    const named = await app.inject(`/api/conflicts/${list.items[0]?.id}`);
    expect(named.json()).toMatchObject({ incoming: { patientName: expect.stringMatching(/./) }, differences: expect.any(Array) });
    const side = { patientName: '', patientId: null, birthDate: null, description: null };
    expect(one.json()).toMatchObject({ incoming: side, existing: side });
    expect(one.json()).not.toHaveProperty('differences');
    expect(list.items).toContainEqual(expect.objectContaining({ incoming: expect.objectContaining(side) }));
  });
});

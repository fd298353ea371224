import type { Conflict } from '@negatoscope/contract';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packSeriesMetadata } from '../../../archive/metadata/packing.ts';
import { composed } from '../../../platform/db/statements.ts';
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

const post = (url: string, payload?: object) =>
  app.inject({ method: 'POST', url, ...(payload === undefined ? {} : { payload }) });
const decide = (id: string, decision: string) => post(`/api/conflicts/${id}/decision`, { decision });
const reopen = (id: string) => post(`/api/conflicts/${id}/reopen`);

/** Sends both and gives the conflict between them. */
async function conflictOf(original: NamedBytes, incoming: NamedBytes): Promise<{ conflict: Conflict; storedId: string }> {
  const results = await fixture.send([original, incoming]);
  expect(results.map(({ outcome }) => outcome)).toEqual(['stored', 'conflict']);
  const { items } = (await app.inject({ url: '/api/conflicts?limit=200' })).json<{ items: Conflict[] }>();
  const conflict = items.find((one) => one.sopInstanceUid === results[1]?.sopInstanceUid);
  if (conflict === undefined) throw new Error('There is no conflict.');
  return { conflict, storedId: results[0]?.instanceId ?? '' };
}
const pair = (seed: string): [NamedBytes, NamedBytes] => [xray(seed), changed(xray(seed))];

/** All that the index says of a study, but for its clocks: what undoing must bring back. */
const stateOf = (studyInstanceUid: string): Promise<unknown> =>
  fixture.db.withSystem((tx) =>
    tx.first(
      `SELECT to_jsonb(t) - 'updated_at' AS study, to_jsonb(p) - 'updated_at' AS patient,
         (SELECT jsonb_agg(to_jsonb(s) - '{version,updated_at,metadata_object,metadata_sha256,mapping_version,is_mapped}'::text[] ORDER BY s.id) FROM series s WHERE s.study_id = t.id) AS series,
         (SELECT jsonb_agg(to_jsonb(i) ORDER BY i.id) FROM instances i JOIN series s ON s.id = i.series_id WHERE s.study_id = t.id) AS instances,
         (SELECT count(*) FROM instance_versions v JOIN series s ON s.id = v.series_id WHERE s.study_id = t.id) AS versions
       FROM studies t JOIN patients p ON p.id = t.patient_id WHERE t.study_instance_uid = $1`,
      [studyInstanceUid],
    ),
  );
const run = (sql: string, ...values: string[]) => fixture.db.withSystem((tx) => tx.run(composed({ text: sql, values })));

describe('a decision about a conflict is taken back', () => {
  test('replaced: the stored one is the instance again, exactly, and the received one waits', async () => {
    const [original, incoming] = pair('undo replace');
    const { conflict, storedId } = await conflictOf(original, incoming);
    const before = await stateOf(conflict.studyInstanceUid);
    const decided = (await decide(conflict.id, 'replace')).json<Conflict>();
    expect(decided).toMatchObject({ status: 'REPLACED', canUndo: true });
    expect(Date.parse(decided.undoUntil ?? '') - Date.parse(decided.decidedAt ?? '')).toBe(30 * 86_400_000);
    expect(await stateOf(conflict.studyInstanceUid)).not.toEqual(before);
    expect((await reopen(conflict.id)).json()).toMatchObject({
      status: 'OPEN',
      canUndo: false,
      undoUntil: null,
      decidedAt: null,
    });
    expect(await stateOf(conflict.studyInstanceUid)).toEqual(before);
    expect(await fixture.send([original])).toMatchObject([{ outcome: 'duplicate', instanceId: storedId }]);
    expect(await fixture.send([incoming])).toMatchObject([{ outcome: 'conflict' }]);
    expect((await decide(conflict.id, 'replace')).json()).toMatchObject({ status: 'REPLACED' });
  });

  test('replaced: also when the metadata of the series were packed before, and after', async () => {
    const { conflict } = await conflictOf(...pair('undo packed'));
    const pack = { ...fixture, clock: { now: () => new Date(Date.now() + 2 * 3_600_000) } };
    const metadata = () => stateOf(conflict.studyInstanceUid);
    await packSeriesMetadata(pack);
    const before = await metadata();
    await decide(conflict.id, 'replace');
    await packSeriesMetadata(pack);
    await reopen(conflict.id);
    expect(await metadata()).toEqual(before);
    const shown = (await app.inject({ url: `/api/conflicts/${conflict.id}` })).json<Conflict>();
    expect(shown).toMatchObject({ differences: [], existing: { patientName: shown.incoming.patientName } });
  });

  test('joined: the image leaves the study, with the series that it brought and the mark that it left', async () => {
    const first = xray('undo join', { PatientName: 'Roux^Jo', PatientID: 'UJ1', Modality: 'DX' });
    const { studyInstanceUid = '' } = (await fixture.send([first]))[0] ?? {};
    const before = await stateOf(studyInstanceUid);
    const second = xray('undo joining', {
      PatientName: 'Noir^Al',
      PatientID: 'UJ2',
      StudyInstanceUID: studyInstanceUid,
      SOPInstanceUID: '2.25.4712',
      Modality: 'OT',
    });
    expect(await fixture.send([second])).toMatchObject([{ outcome: 'conflict', reason: 'STUDY_PATIENT_MISMATCH' }]);
    const { items } = (await app.inject({ url: '/api/conflicts' })).json<{ items: Conflict[] }>();
    const id = items.find((one) => one.sopInstanceUid === '2.25.4712')?.id ?? '';
    expect((await decide(id, 'replace')).statusCode).toBe(200);
    expect(await stateOf(studyInstanceUid)).toMatchObject({
      study: { series_count: 2, identity_mismatch: { importId: expect.any(String) } },
    });
    expect((await reopen(id)).json()).toMatchObject({ status: 'OPEN' });
    expect(await stateOf(studyInstanceUid)).toEqual(before);
  });

  test('discarded: the received one is still there, and can be decided on anew', async () => {
    const { conflict } = await conflictOf(...pair('undo discard'));
    await decide(conflict.id, 'discard');
    expect((await reopen(conflict.id)).json()).toMatchObject({ status: 'OPEN' });
    expect((await decide(conflict.id, 'replace')).json()).toMatchObject({ status: 'REPLACED' });
  });

  test('several that were decided together are taken back together', async () => {
    const pairs = Array.from({ length: 7 }, (_, n) => pair(`together ${n}`));
    await fixture.send(pairs.map(([original]) => original));
    const received = new Set((await fixture.send(pairs.map(([, incoming]) => incoming))).map((result) => result.sopInstanceUid));
    const { items } = (await app.inject({ url: '/api/conflicts?limit=200' })).json<{ items: Conflict[] }>();
    const found = items.filter(({ sopInstanceUid }) => received.has(sopInstanceUid));
    expect(found).toHaveLength(7);
    const states = () => Promise.all(found.map(({ studyInstanceUid }) => stateOf(studyInstanceUid)));
    const [before, ids] = [await states(), found.map(({ id }) => id)];
    expect((await post('/api/conflicts/decisions', { ids, decision: 'replace' })).statusCode).toBe(200);
    const answer = (await post('/api/conflicts/reopenings', { ids })).json<{ items: { code: string | null }[] }>();
    expect(answer.items.map(({ code }) => code)).toEqual(ids.map(() => null));
    expect(await states()).toEqual(before);
  });
});

describe('a decision about a conflict stays', () => {
  test('after 30 days, replaced or discarded; one that kept the stored one never does', async () => {
    for (const [decision, code] of [
      ['replace', 'UNDO_EXPIRED'],
      ['discard', 'UNDO_EXPIRED'],
      ['keep', undefined],
    ] as const) {
      const { conflict } = await conflictOf(...pair(`late ${decision}`));
      await decide(conflict.id, decision);
      await run("UPDATE conflicts SET decided_at = decided_at - interval '30 days' WHERE id = $1", conflict.id);
      const shown = (await app.inject({ url: `/api/conflicts/${conflict.id}` })).json();
      expect(shown).toMatchObject({ canUndo: code === undefined, undoUntil: null });
      expect((await reopen(conflict.id)).json().code).toBe(code);
    }
  });

  test('where the object of a discarded one is gone: it was deleted at once before it could be taken back', async () => {
    const { conflict } = await conflictOf(...pair('deleted at once'));
    await decide(conflict.id, 'discard');
    await run('UPDATE conflicts SET object_until = NULL WHERE id = $1', conflict.id);
    expect((await reopen(conflict.id)).json()).toMatchObject({ code: 'UNDO_EXPIRED' });
  });

  test('where the instance was replaced again, or the same file waits already', async () => {
    const original = xray('again');
    const { conflict } = await conflictOf(original, changed(original));
    await decide(conflict.id, 'replace');
    await fixture.send([changed(original, 2)]);
    const { items } = (await app.inject({ url: '/api/conflicts' })).json<{ items: Conflict[] }>();
    const newer = items.find((one) => one.sopInstanceUid === conflict.sopInstanceUid);
    await decide(newer?.id ?? '', 'replace');
    expect((await reopen(conflict.id)).json()).toMatchObject({ code: 'UNDO_SUPERSEDED' });
    expect((await reopen(newer?.id ?? '')).statusCode).toBe(200);
    expect((await reopen(conflict.id)).statusCode).toBe(200);

    const discarded = await conflictOf(...pair('come again'));
    await decide(discarded.conflict.id, 'discard');
    expect(await fixture.send([changed(xray('come again'))])).toMatchObject([{ outcome: 'conflict' }]);
    expect((await reopen(discarded.conflict.id)).json()).toMatchObject({ code: 'UNDO_SUPERSEDED' });
  });

  test('where the study is in the trash, or the conflict waits', async () => {
    const { conflict } = await conflictOf(...pair('trashed'));
    expect((await reopen(conflict.id)).json()).toMatchObject({ code: 'CONFLICT' });
    await decide(conflict.id, 'replace');
    await run('UPDATE studies SET deleted_at = now() WHERE study_instance_uid = $1', conflict.studyInstanceUid);
    expect((await reopen(conflict.id)).json()).toMatchObject({ code: 'UNDO_TARGET_GONE' });
  });

  test('for who may not decide, and for another group', async () => {
    const { conflict } = await conflictOf(...pair('not mine'));
    await decide(conflict.id, 'discard');
    const url = `/api/conflicts/${conflict.id}/reopen`;
    const staff = await fixture.http(await fixture.actor('STAFF'));
    expect((await staff.inject({ method: 'POST', url })).statusCode).toBe(403);
    await staff.close();
    const group = await fixture.group();
    const other = await fixture.http({ ...(await fixture.actor('RADIOLOGIST', group)), role: 'RESEARCHER' });
    expect((await other.inject({ method: 'POST', url })).json()).toMatchObject({ code: 'NOT_FOUND' });
    await other.close();
  });
});

import { auditActor, auditSentence } from '@negatoscope/contract';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { purgeStudy } from '../../src/archive/lifecycle/purge.ts';
import { jobsOf } from '../../src/jobs.ts';
import { ROW_KINDS } from '../../src/row-kinds.ts';
import type { Browser } from '../support/app.ts';
import { unzip } from '../support/unzip.ts';
import { openSharing, picture, type SharedImage, type SharingServer } from './support.ts';

let server: SharingServer;
let group: string;
let admin: Browser;
let author: Browser;
let shared: SharedImage;
beforeAll(async () => {
  server = await openSharing();
  group = await server.makeGroup('Nord');
  admin = await server.login('ADMIN');
  author = await server.login(
    await server.makeUser({ role: 'RADIOLOGIST', groupId: group, firstName: 'Anne', lastName: 'Auteur' }),
  );
  shared = await server.image(author, '2.25.801', 'Fichier');
});
afterAll(() => server.close());

const NAMES = /fichier|19700102|1970-01-02|thorax/i;
const archiveOf = ({ studyId }: SharedImage): string => `/api/shared/studies/${studyId}/archive`;

describe('a download by a link', () => {
  test('is refused where the share allows none, whatever else it allows', async () => {
    const { secret } = await server.share(author, { studyIds: [shared.studyId] });
    const visitor = await server.visit(secret);
    expect((await server.as(visitor, archiveOf(shared))).statusCode).toBe(403);
  });

  test('has the study with its names where the share is with identity, and is counted among its accesses', async () => {
    const { secret, id } = await server.share(author, { studyIds: [shared.studyId], mayDownload: true });
    const visitor = await server.visit(secret);
    expect((await server.view(visitor)).mayDownload).toBe(true);
    const answer = await server.as(visitor, archiveOf(shared));
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/zip']);
    const files = await unzip(answer.rawPayload);
    const [dicom] = [...files].filter(([name]) => name.endsWith('.dcm'));
    expect(dicom?.[1].toString('latin1')).toMatch(/Fichier/i);
    const told = (await server.call(author, 'GET', `/api/shares/${id}`)).json();
    expect(told).toMatchObject({ accesses: [{ outcome: 'DOWNLOADED' }, { outcome: 'OPENED' }] });
    const exported = await server.call(admin, 'GET', `/api/patients/${shared.patientId}/exports`);
    expect(exported.json()).toMatchObject({ items: [{ kind: 'EXPORTED', recipient: 'Dr Dupont' }] });
  });

  test('under pseudonyms loses the identity as exports do, and names in the manifest what did not leave', async () => {
    const typed = await server.image(author, '2.25.802', 'Fichier', { BurnedInAnnotation: 'YES' });
    const out = await server.image(author, '2.25.803', 'Fichier');
    // Somebody has decided that this file leaves in nothing.
    await server.db.withSystem((tx) =>
      tx.run(
        `INSERT INTO deid_held_files (instance_id, series_id, study_id, group_id, sop_instance_uid, file_sha256, because, rows, columns, frames, held_at, decision, decided_at)
         SELECT i.id, i.series_id, $1, i.group_id, i.sop_instance_uid, i.file_sha256, 'BURNED_IN', 8, 8, 1, now(), 'LEFT_OUT', now() FROM instances i WHERE i.series_id = $2`,
        [out.studyId, out.seriesId],
      ),
    );
    const { secret } = await server.share(author, {
      ...{ studyIds: [shared.studyId, typed.studyId, out.studyId], mayDownload: true, profile: 'PSEUDONYM' },
    });
    const visitor = await server.visit(secret);
    for (const [image, left, because] of [
      [shared, 1, undefined],
      [typed, 0, 'BURNED_IN'],
      [out, 0, 'LEFT_OUT'],
    ] as const) {
      const answer = await server.as(visitor, archiveOf(image));
      expect(answer.statusCode).toBe(200);
      expect(String(answer.headers['content-disposition'])).not.toMatch(NAMES);
      const files = await unzip(answer.rawPayload);
      for (const [name, bytes] of files) expect(name + bytes.toString('latin1')).not.toMatch(NAMES);
      expect([...files.keys()].filter((name) => name.endsWith('.dcm'))).toHaveLength(left);
      const manifest = JSON.parse(files.get('manifest.json')?.toString() ?? '{}') as { refused: { because: string }[] };
      expect(manifest.refused.map((one) => one.because)).toEqual(because === undefined ? [] : [because]);
    }
  });
});

describe('the journal of a share', () => {
  test('tells of a patient who shared their study, who opened it and what was seen, with the author and for whom it was', async () => {
    const image = await server.image(author, '2.25.811', 'Journal');
    const { secret, id } = await server.share(author, { studyIds: [image.studyId], recipient: 'Dr Martin' });
    const visitor = await server.visit(secret);
    await server.view(visitor);
    await server.as(visitor, picture(image));
    await server.call(author, 'DELETE', `/api/shares/${id}`);
    await server.open(secret);
    const { items } = (await server.call(admin, 'GET', `/api/audit?patient=${image.patientId}&limit=100`)).json<{
      items: { action: string; actorName: string | null; details: Record<string, unknown> }[];
    }>();
    const said = (language: 'fr' | 'en') =>
      items.map(
        ({ action, actorName, details }) =>
          `${auditActor(actorName ?? '', language)} ${auditSentence(action, language, details)}`,
      );
    expect(said('fr')).toEqual(
      expect.arrayContaining([
        'Anne Auteur a partagé un examen par un lien',
        'Lien partagé par Anne Auteur a ouvert des examens partagés (lien pour Dr Martin)',
        'Lien partagé par Anne Auteur a regardé une image d’un examen (lien pour Dr Martin)',
      ]),
    );
    expect(said('en')).toContain('Link shared by Anne Auteur viewed an image of a study (link for Dr Martin)');
    const of = (await server.call(admin, 'GET', `/api/audit?entity=${id}`)).json<{
      items: { action: string; outcome: string }[];
    }>();
    expect(of.items.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
      'share.refused FAILURE',
      'share.withdrawn SUCCESS',
      'share.opened SUCCESS',
    ]);
  });
});

describe('rows of shares', () => {
  const tidy = async (): Promise<unknown> => {
    const job = jobsOf(server.parts, pino({ level: 'silent' })).find(({ kind }) => kind.name === 'tidy-shares');
    return job?.run({}, { attempt: 1, isLast: false, signal: new AbortController().signal });
  };
  const ids = async (): Promise<string[]> =>
    (await server.db.withSystem((tx) => tx.rows('SELECT id FROM shares ORDER BY id'))).map(({ id }) => id);

  test('go a year after their end, and with the last study of theirs; those that stand stay', async () => {
    const [gone, kept] = [await server.image(author, '2.25.821', 'Purge'), await server.image(author, '2.25.822', 'Reste')];
    const both = await server.share(author, { studyIds: [gone.studyId, kept.studyId] });
    const only = await server.share(author, { studyIds: [gone.studyId] });
    await server.db.withSystem(async (tx) => {
      await tx.run("UPDATE studies SET deleted_at = now() - interval '40 days' WHERE id = $1", [gone.studyId]);
      await purgeStudy(tx, ROW_KINDS, gone.studyId, new Date());
    });
    expect((await server.call(author, 'GET', `/api/shares/${both.id}`)).json()).toMatchObject({
      studyCount: 2,
      studies: [{ id: kept.studyId }],
    });
    expect(await ids()).not.toContain(only.id);
    server.clock.advance(14 * 86_400_000 + 364 * 86_400_000);
    await tidy();
    expect(await ids()).toContain(both.id);
    server.clock.advance(2 * 86_400_000);
    await tidy();
    expect(await ids()).toEqual([]);
  });
});

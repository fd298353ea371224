import { randomUUID } from 'node:crypto';
import { get } from 'node:http';
import { type Dataset, smallPicture } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mergePatients } from '../src/archive/lifecycle/merge.ts';
import { purgeStudy } from '../src/archive/lifecycle/purge.ts';
import { composed } from '../src/platform/db/statements.ts';
import { ROW_KINDS } from '../src/row-kinds.ts';
import { type DicomwebServer, type Json, openDicomweb } from './dicomweb/support.ts';
import { type Browser, createFakeClock } from './support/app.ts';
import { itInLongRun } from './support/sample.ts';

const FRAMES = 8;
const SIDE = 8;
const clock = createFakeClock();
let server: DicomwebServer;
let baseUrl: string;
let physician: Browser;
let radiologist: Browser;
let staff: Browser;
beforeAll(async () => {
  server = await openDicomweb({ clock });
  baseUrl = await server.app.listen({ host: '127.0.0.1', port: 0 });
  [physician, radiologist, staff] = [
    await server.login('PHYSICIAN'),
    await server.login('RADIOLOGIST'),
    await server.login('STAFF'),
  ];
});
afterAll(() => server.close());

interface Place {
  readonly uid: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
}
let count = 0;
/** A stored study of one image of eight frames. */
async function place(who: Browser = physician, groupId?: string, dataset: Dataset = {}): Promise<Place> {
  count += 1;
  const [uid, seriesInstanceUid, sopInstanceUid] = [`2.25.880${count}0`, `2.25.880${count}1`, `2.25.880${count}2`];
  const { bytes } = smallPicture({
    seed: `annotations ${count}`,
    columns: SIDE,
    frames: FRAMES,
    cells: new Uint16Array(SIDE * SIDE * FRAMES),
    modality: 'US',
    dataset: {
      PatientID: `P${count}`,
      PatientName: `Martin^${count}`,
      ...dataset,
      StudyInstanceUID: uid,
      SeriesInstanceUID: seriesInstanceUid,
      SOPInstanceUID: sopInstanceUid,
    },
  });
  const url = groupId === undefined ? '/studies' : `/groups/${groupId}/studies`;
  const answer = await server.store(who, [Buffer.from(bytes)], url);
  expect(answer.statusCode).toBe(200);
  return { uid, seriesInstanceUid, sopInstanceUid };
}

const ask = async (who: Browser, method: 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE', url: string, body?: object | string) => {
  const answer = await server.app.inject({
    method,
    url,
    headers: { ...who.headers, ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}) },
    ...(body === undefined ? {} : { payload: body }),
  });
  return { status: answer.statusCode, json: (answer.body === '' ? undefined : answer.json()) as Json };
};
const length = (at: Place, who: Browser, more: object = {}): Json => ({
  editId: randomUUID(),
  authorId: who.user.id,
  baseVersion: 0,
  seriesInstanceUid: at.seriesInstanceUid,
  sopInstanceUid: at.sopInstanceUid,
  frame: 7,
  kind: 'LENGTH',
  geometry: { space: 'PIXEL', points: [1.25, 2.5, 4.25, 6.5] },
  ...more,
});
const save = (who: Browser, at: Place, id: string, body: object | string) =>
  ask(who, 'PUT', `/api/studies/${at.uid}/annotations/${id}`, body);
const list = (who: Browser, at: Place, after = 0) => ask(who, 'GET', `/api/studies/${at.uid}/annotations?after=${after}`);
const history = async (who: Browser, at: Place, id: string): Promise<Json[]> =>
  (await ask(who, 'GET', `/api/studies/${at.uid}/annotations/${id}/history`)).json.items;
const rows = (sql: string, values: unknown[] = []): Promise<Json[]> =>
  server.db.withSystem((tx) => tx.rows(composed({ text: sql, values: values as string[] })));
const studyIdOf = async ({ uid }: Place): Promise<string> =>
  (await rows('SELECT id FROM studies WHERE study_instance_uid = $1', [uid]))[0].id;
const eventsOf = async (id: string): Promise<string[]> =>
  (await rows('SELECT action FROM audit_events WHERE entity_id = $1 ORDER BY id', [id])).map(({ action }) => action);

describe('an annotation', () => {
  test('is kept as it was drawn, with its author and times, on its frame; who may write changes it, others read it', async () => {
    const at = await place();
    const id = randomUUID();
    const made = await save(physician, at, id, length(at, physician, { label: 'Nodule, Mme Martin' }));
    expect([made.status, made.json]).toMatchObject([
      200,
      {
        ...{ id, version: 1, frame: 7, kind: 'LENGTH', sopInstanceUid: at.sopInstanceUid, mayChange: true, isDeleted: false },
        geometry: { space: 'PIXEL', points: [1.25, 2.5, 4.25, 6.5] },
        author: { id: physician.user.id, name: 'Test Person' },
        label: 'Nodule, Mme Martin',
      },
    ]);
    expect((await list(staff, at)).json.items).toMatchObject([{ id, mayChange: false, author: { name: 'Test Person' } }]);
    expect((await save(staff, at, randomUUID(), length(at, staff))).json.code).toBe('FORBIDDEN');
    const others = await save(radiologist, at, id, length(at, radiologist, { baseVersion: 1 }));
    expect([others.status, others.json.code]).toEqual([403, 'FORBIDDEN']);
    expect((await save(radiologist, at, id, length(at, physician, { baseVersion: 1 }))).json.code).toBe('OTHER_AUTHOR');
    expect((await list(radiologist, at)).json.items).toMatchObject([{ id, version: 1, mayChange: false }]);
  });

  test('of an image, a series or a frame that the study does not have is refused', async () => {
    const [at, other] = [await place(), await place()];
    const trial = async (more: object) => (await save(physician, at, randomUUID(), length(at, physician, more))).json.code;
    expect(await trial({ sopInstanceUid: other.sopInstanceUid, seriesInstanceUid: other.seriesInstanceUid })).toBe('NOT_FOUND');
    expect(await trial({ seriesInstanceUid: other.seriesInstanceUid })).toBe('NOT_FOUND');
    expect(await trial({ sopInstanceUid: '2.25.1' })).toBe('NOT_FOUND');
    expect(await trial({ frame: FRAMES + 1 })).toBe('UNPROCESSABLE');
    expect(await trial({ baseVersion: 3 })).toBe('NOT_FOUND');
    expect(await trial({ isDeleted: true })).toBe('NOT_FOUND');
    expect((await list(physician, at)).json).toEqual({ items: [], seq: 0 });
  });

  test('has its text where it was put, for its author and for others, version by version', async () => {
    const [at, id] = [await place(), randomUUID()];
    const points = [1.25, 2.5, 4.25, 6.5];
    const geometry = { space: 'PIXEL', points, textAt: [6.5, -3.25] };
    await save(physician, at, id, length(at, physician));
    expect((await save(physician, at, id, length(at, physician, { baseVersion: 1, geometry }))).json.geometry).toEqual(geometry);
    expect((await list(radiologist, at)).json.items).toMatchObject([{ id, version: 2, geometry }]);
    expect((await history(radiologist, at, id)).map((one) => one.geometry.textAt)).toEqual([[6.5, -3.25], undefined]);
    const uid = '1.2.840.99.1';
    const inSpace = { space: 'PATIENT', frameOfReferenceUid: uid, points: [1, 2, 3, 4, 5, 6], textAt: [9, 8.5, -7] };
    expect((await save(physician, at, randomUUID(), length(at, physician, { geometry: inSpace }))).json.geometry).toEqual(
      inSpace,
    );
  });

  test('has its text near its picture: farther beside it than that is wide or high nobody finds it', async () => {
    const at = await place();
    const points = [1.25, 2.5, 4.25, 6.5];
    for (const textAt of [
      [4, 90_000],
      [-90_000, 4],
    ]) {
      const geometry = { space: 'PIXEL', points, textAt };
      const { status, json } = await save(physician, at, randomUUID(), length(at, physician, { geometry }));
      expect([status, json.code, json.errors[0].path]).toEqual([400, 'VALIDATION_FAILED', 'geometry.textAt']);
    }
    const geometry = { space: 'PATIENT', frameOfReferenceUid: '1.2.840.99.1', points: [1, 2, 3, 4, 5, 6], textAt: [9, 5_000, 0] };
    expect((await save(physician, at, randomUUID(), length(at, physician, { geometry }))).json.code).toBe('VALIDATION_FAILED');
  });

  test('that is deleted is a version like the others, and comes back by one', async () => {
    const at = await place();
    const id = randomUUID();
    await save(physician, at, id, length(at, physician));
    const { seq } = (await list(physician, at)).json;
    const geometry = { space: 'PIXEL', points: [0, 0, 3, 4] };
    expect((await save(physician, at, id, length(at, physician, { baseVersion: 1, geometry }))).json.version).toBe(2);
    expect((await save(physician, at, id, length(at, physician, { baseVersion: 2, isDeleted: true }))).json.version).toBe(3);
    expect((await list(radiologist, at)).json.items).toEqual([]);
    expect((await list(radiologist, at, seq)).json.items).toMatchObject([{ id, isDeleted: true, version: 3 }]);
    expect((await save(physician, at, id, length(at, physician, { baseVersion: 3, geometry }))).json).toMatchObject({
      version: 4,
      isDeleted: false,
    });
    expect((await list(radiologist, at)).json.items).toMatchObject([{ id, geometry, version: 4 }]);
    expect((await history(radiologist, at, id)).map(({ version, isDeleted }) => [version, isDeleted])).toEqual([
      [4, false],
      [3, true],
      [2, false],
      [1, false],
    ]);
    expect(await eventsOf(id)).toEqual(['annotation.created', 'annotation.changed', 'annotation.deleted', 'annotation.restored']);
  });

  test('keeps its image, frame and kind', async () => {
    const at = await place();
    const id = randomUUID();
    await save(physician, at, id, length(at, physician));
    for (const more of [{ frame: 6 }, { kind: 'ARROW' }, { sopInstanceUid: '2.25.1' }]) {
      const answer = await save(physician, at, id, length(at, physician, { baseVersion: 1, ...more }));
      expect([answer.json.code, answer.json.errors[0].path]).toEqual(['VALIDATION_FAILED', Object.keys(more)[0]]);
    }
  });
});

describe('many at once', () => {
  test('an edit that is sent again, also many times at once, is one version, one line of the history and one event', async () => {
    const at = await place();
    const id = randomUUID();
    const edit = length(at, physician);
    const answers = await Promise.all(Array.from({ length: 12 }, () => save(physician, at, id, edit)));
    expect(answers.map(({ status, json }) => [status, json.version])).toEqual(Array.from({ length: 12 }, () => [200, 1]));
    const next = length(at, physician, { baseVersion: 1, geometry: { space: 'PIXEL', points: [0, 0, 1, 1] } });
    await Promise.all(Array.from({ length: 12 }, () => save(physician, at, id, next)));
    expect((await save(physician, at, id, edit)).json).toMatchObject({ version: 2, geometry: next.geometry });
    expect((await history(physician, at, id)).map(({ editId }) => editId)).toEqual([next.editId, edit.editId]);
    expect(await eventsOf(id)).toEqual(['annotation.created', 'annotation.changed']);
    expect((await save(physician, at, randomUUID(), edit)).json.code).toBe('CONFLICT');
  });

  test('of several that change the same version one is kept, the others are refused with what stands, and all are in the history', async () => {
    const at = await place();
    const id = randomUUID();
    await save(physician, at, id, length(at, physician));
    const edits = Array.from({ length: 8 }, (_, n) =>
      length(at, physician, { baseVersion: 1, geometry: { space: 'PIXEL', points: [0, 0, n, n] } }),
    );
    const answers = await Promise.all(edits.map((edit) => save(physician, at, id, edit)));
    const winner = answers.findIndex(({ status }) => status === 200);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { status, json } of answers.filter((_, index) => index !== winner))
      expect([status, json]).toMatchObject([
        409,
        { code: 'ANNOTATION_CHANGED', current: { id, version: 2, geometry: edits[winner].geometry } },
      ]);
    const kept = await history(physician, at, id);
    expect(kept).toHaveLength(9);
    expect(kept.filter(({ version }) => version === null)).toHaveLength(7);
    // A refused one stays refused however often it is sent.
    const loser = edits[(winner + 1) % edits.length];
    expect((await save(physician, at, id, loser)).json).toMatchObject({ code: 'ANNOTATION_CHANGED', current: { version: 2 } });
    expect(await history(physician, at, id)).toHaveLength(9);
  });

  test('forty new ones in two studies are each there once, and who asks for what came since misses none', async () => {
    const [here, there] = [await place(), await place()];
    const seen = new Set<string>();
    let [after, isDone] = [0, false];
    const watch = async (): Promise<void> => {
      for (;;) {
        const last = isDone;
        const { items, seq } = (await list(staff, here, after)).json;
        for (const { id } of items) seen.add(id);
        after = seq;
        if (last) return;
      }
    };
    const watching = watch();
    const ids = Array.from({ length: 20 }, () => randomUUID());
    await Promise.all(
      ids.flatMap((id) => [
        save(physician, here, id, length(here, physician)),
        // The same id means another annotation in another study.
        save(radiologist, there, id, length(there, radiologist)),
      ]),
    );
    isDone = true;
    await watching;
    expect([...seen].sort()).toEqual([...ids].sort());
    expect((await list(staff, there)).json.items.map(({ author }: Json) => author.id)).toEqual(
      ids.map(() => radiologist.user.id),
    );
  });
});

describe('bad input', () => {
  const point = (value: unknown) => ({ space: 'PIXEL', points: [value, 1, 2, 3] });
  test.each([
    ['text for a number', { geometry: point('1') }],
    ['a number past all images', { geometry: point(1e9) }],
    ['no number', { geometry: point(null) }],
    ['too few points', { geometry: { space: 'PIXEL', points: [1, 2] } }],
    ['half a point', { geometry: { space: 'PIXEL', points: [1, 2, 3] } }],
    ['a hundred thousand points', { kind: 'FREEHAND', geometry: { space: 'PIXEL', points: new Array(200_000).fill(1) } }],
    ['ten thousand and one', { kind: 'FREEHAND', geometry: { space: 'PIXEL', points: new Array(20_002).fill(1) } }],
    ['another space', { geometry: { space: 'SCREEN', points: [1, 2, 3, 4] } }],
    ['a patient space without its frame of reference', { geometry: { space: 'PATIENT', points: [1, 2, 3, 4, 5, 6] } }],
    ['an unknown kind', { kind: 'DOOR' }],
    ['no whole frame', { frame: 1.5 }],
    ['frame 0', { frame: 0 }],
    ['a text too long', { label: 'a'.repeat(1_001) }],
    ['a text with a NUL', { label: 'a\0b' }],
    ['half a character', { label: '\ud800' }],
    ['a text without text', { kind: 'TEXT', geometry: { space: 'PIXEL', points: [1, 2] }, label: '  ' }],
    ['what is measured', { mm: 12 }],
    ['a text nowhere', { geometry: { space: 'PIXEL', points: [1, 2, 3, 4], textAt: [1] } }],
    ['a text past all images', { geometry: { space: 'PIXEL', points: [1, 2, 3, 4], textAt: [1, 1e9] } }],
    ['a text in the other space', { geometry: { space: 'PIXEL', points: [1, 2, 3, 4], textAt: [1, 2, 3] } }],
    ['a text beside a text', { kind: 'TEXT', label: 'a', geometry: { space: 'PIXEL', points: [1, 2], textAt: [1, 2] } }],
    ['an edit without an id', { editId: 'x' }],
  ])('%s is refused with a code', async (_, more) => {
    const at = await place();
    const answer = await save(physician, at, randomUUID(), length(at, physician, more));
    expect([answer.status, answer.json.code]).toEqual([400, 'VALIDATION_FAILED']);
    expect((await list(physician, at)).json.items).toEqual([]);
  });

  test('NaN, infinities and bodies over the limit are refused with a code', async () => {
    const at = await place();
    const text = JSON.stringify(length(at, physician));
    const trial = async (body: string) => (await save(physician, at, randomUUID(), body)).json.code;
    expect(await trial(text.replace('1.25', 'NaN'))).toBe('BAD_REQUEST');
    expect(await trial(text.replace('1.25', '1e999'))).toBe('VALIDATION_FAILED');
    expect(await trial(text.replace('1.25', `1.25${',1'.repeat(600_000)}`))).toBe('TOO_LARGE');
    expect((await ask(physician, 'GET', `/api/studies/${at.uid}/annotations?after=x`)).json.code).toBe('VALIDATION_FAILED');
    expect((await save(physician, at, 'no-id', length(at, physician))).json.code).toBe('NOT_FOUND');
  });

  test.each([
    ['BIDIRECTIONAL', 4],
    ['COBB', 4],
    ['CARDIOTHORACIC', 4],
    ['ELLIPSE', 4],
    ['RECTANGLE', 4],
    ['FREEHAND', 3],
    ['ARROW', 2],
    ['TEXT', 1],
    ['SPINE_LABEL', 1],
    ['PROBE', 1],
  ])('%s is kept with its %d points and no others, and comes back as it was', async (kind, points) => {
    const at = await place();
    const label = kind === 'SPINE_LABEL' ? 'L5' : '"><script>alert(1)</script>';
    const of = (count: number, more: object = {}) =>
      length(at, physician, {
        ...{ kind, label },
        geometry: { space: 'PIXEL', points: Array.from({ length: 2 * count }, (_, index) => index * 0.25) },
        ...more,
      });
    const wrong = kind === 'FREEHAND' ? [points - 1, 0] : [points - 1, points + 1];
    for (const count of wrong) {
      const answer = await save(physician, at, randomUUID(), of(count));
      expect([answer.status, answer.json.errors[0].path]).toEqual([400, 'geometry.points']);
    }
    const id = randomUUID();
    expect((await save(physician, at, id, of(points))).status).toBe(200);
    expect((await list(radiologist, at)).json.items).toMatchObject([{ id, kind, label, geometry: of(points).geometry }]);
    const unlabelled = await save(physician, at, randomUUID(), of(points, { label: null }));
    expect(unlabelled.status).toBe(kind === 'TEXT' || kind === 'SPINE_LABEL' ? 400 : 200);
  });

  itInLongRun(
    'who has filled a study with long lines draws no more of them, others do; lists and histories stay small',
    async () => {
      const at = await place();
      const points = (count: number): number[] => Array.from({ length: count }, (_, n) => (n % 8) + 0.123456789012345);
      const freehand = (count: number, more: object = {}): Json =>
        length(at, physician, { kind: 'FREEHAND', geometry: { space: 'PIXEL', points: points(count) }, ...more });
      const [id, studyId] = [randomUUID(), await studyIdOf(at)];
      await save(physician, at, id, freehand(20_000));
      await rows(
        `INSERT INTO annotations (study_id, id, group_id, series_instance_uid, sop_instance_uid, frame, kind, geometry, author_id, created_at, changed_at)
       SELECT a.study_id, gen_random_uuid(), a.group_id, a.series_instance_uid, a.sop_instance_uid, a.frame, a.kind, a.geometry, a.author_id, now(), now()
       FROM annotations a, generate_series(1, 23) WHERE a.id = $1`,
        [id],
      );
      expect((await save(physician, at, randomUUID(), freehand(20_000))).status).toBe(200);
      const [over, small] = [randomUUID(), randomUUID()];
      expect((await save(physician, at, over, freehand(6))).json.code).toBe('UNPROCESSABLE');
      expect((await save(radiologist, at, over, freehand(6, { authorId: radiologist.user.id }))).status).toBe(200);
      // What is there is made smaller, deleted and brought back as before; what grows is refused.
      expect((await save(physician, at, id, freehand(19_990, { baseVersion: 1 }))).status).toBe(200);
      expect((await save(physician, at, small, freehand(6))).status).toBe(200);
      expect((await save(physician, at, small, freehand(12, { baseVersion: 1 }))).json.code).toBe('UNPROCESSABLE');
      expect((await save(physician, at, small, freehand(6, { baseVersion: 1, isDeleted: true }))).status).toBe(200);
      expect((await save(physician, at, small, freehand(6, { baseVersion: 2 }))).status).toBe(200);
      await rows(
        `INSERT INTO annotation_edits (study_id, id, group_id, annotation_id, base_version, version, geometry, is_deleted, author_id, made_at)
       SELECT e.study_id, gen_random_uuid(), e.group_id, e.annotation_id, 2, NULL, e.geometry, false, e.author_id, e.made_at - n * interval '1 second'
       FROM annotation_edits e, generate_series(1, 199) AS n WHERE e.study_id = $1 AND e.annotation_id = $2 AND e.version = 1`,
        [studyId, id],
      );
      const versions = await history(physician, at, id);
      expect(versions[0]).toMatchObject({ version: 2 });
      const coordinates = versions.reduce((sum, { geometry }) => sum + geometry.points.length, 0);
      expect(coordinates).toBeLessThanOrEqual(500_000);
      expect(versions.length).toBeGreaterThan(20);
    },
  );

  test('edits that are refused count, so that nobody fills the history', async () => {
    const at = await place();
    const id = randomUUID();
    await save(physician, at, id, length(at, physician));
    const stale = () => save(physician, at, id, length(at, physician, { baseVersion: 7 }));
    expect((await stale()).json.code).toBe('ANNOTATION_CHANGED');
    await rows(
      `INSERT INTO annotation_edits (study_id, id, group_id, annotation_id, base_version, version, geometry, is_deleted, author_id, made_at)
       SELECT e.study_id, gen_random_uuid(), e.group_id, e.annotation_id, 7, NULL, e.geometry, false, e.author_id, e.made_at
       FROM annotation_edits e, generate_series(1, 9998) WHERE e.annotation_id = $1 AND e.version IS NULL`,
      [id],
    );
    expect((await stale()).json.code).toBe('UNPROCESSABLE');
    expect(await rows('SELECT count(*)::int AS n FROM annotation_edits WHERE annotation_id = $1', [id])).toEqual([{ n: 10_000 }]);
  });

  test('markup and quotes in a label come back as they are', async () => {
    const at = await place();
    const label = '<img src=x onerror=alert(1)> \'; DROP TABLE annotations; -- "\u202e$1';
    expect((await save(physician, at, randomUUID(), length(at, physician, { label }))).json.label).toBe(label);
  });
});

describe('out of scope', () => {
  test('is unknown, whoever asks and by whatever route', async () => {
    const [groupId, otherId] = [await server.makeGroup(), await server.makeGroup()];
    const member = await server.login(await server.makeUser({ role: 'PHYSICIAN', groupId }));
    const at = await place(member, groupId);
    const id = randomUUID();
    expect((await save(member, at, id, length(at, member, { label: 'Mme Martin' }))).status).toBe(200);
    const outsiders = [
      physician,
      await server.login(await server.makeUser({ role: 'PHYSICIAN', groupId: otherId })),
      await server.login(await server.makeUser({ role: 'RESEARCHER', groupId: otherId })),
    ];
    for (const who of outsiders) {
      const answers = [
        await list(who, at),
        await save(who, at, id, length(at, who)),
        await ask(who, 'GET', `/api/studies/${at.uid}/annotations/${id}/history`),
        await ask(who, 'GET', `/api/studies/${at.uid}/annotations/events`),
      ];
      const unknown = await list(who, { ...at, uid: '2.25.404' });
      expect(answers.map(({ json }) => json)).toEqual(answers.map(() => unknown.json));
    }
    expect((await list(await server.login('ADMIN'), at)).json.items).toMatchObject([{ id, mayChange: false }]);
    // Row-level security refuses even what a statement forgets.
    const studyId = await studyIdOf(at);
    const seenBy = async (group: string, table: string): Promise<number> => {
      const found = await server.db.reading([{ kind: 'group', ids: [group] }], (tx) =>
        tx.rows(composed({ text: `SELECT id FROM ${table} WHERE study_id = $1`, values: [studyId] })),
      );
      return found.length;
    };
    for (const table of ['annotations', 'annotation_edits'])
      expect([await seenBy(groupId, table), await seenBy(otherId, table)]).toEqual([1, 0]);
  });

  test('who sees pseudonyms sees neither free text nor names of others, in lists, history and what is sent live', async () => {
    const groupId = await server.makeGroup();
    const member = await server.login(await server.makeUser({ role: 'PHYSICIAN', groupId }));
    const researcher = await server.login(await server.makeUser({ role: 'RESEARCHER', groupId }));
    const at = await place(member, groupId);
    const id = randomUUID();
    await save(member, at, id, length(at, member, { label: 'Mme Martin' }));
    const own = randomUUID();
    await save(researcher, at, own, length(at, researcher, { label: 'mine' }));
    const { items } = (await list(researcher, at)).json;
    expect(items).toMatchObject([
      { id, label: null, isLabelHidden: true, author: { id: member.user.id, name: null }, mayChange: false },
      { id: own, label: 'mine', isLabelHidden: false, mayChange: true },
    ]);
    expect(await history(researcher, at, id)).toMatchObject([{ label: null, author: { name: null } }]);
    const heard = await listen(researcher, at, 0);
    expect(await heard.until((text) => text.includes(own))).not.toContain('Martin');
    heard.close();
    expect((await list(member, at)).json.items[1].label).toBe('mine');
  });
});

/** What comes of the live events of a study. */
async function listen(who: Browser, { uid }: Place, after: number) {
  let text = '';
  let wake = (): void => undefined;
  let isClosed = false;
  const url = `${baseUrl}/api/studies/${uid}/annotations/events?after=${after}`;
  const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    get(url, { headers: { cookie: who.cookie }, agent: false }, resolve).on('error', reject);
  });
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    text += chunk;
    wake();
  });
  response.on('error', () => undefined);
  response.on('close', () => {
    isClosed = true;
    wake();
  });
  const until = async (isThere: (text: string, isClosed: boolean) => boolean): Promise<string> => {
    while (!isThere(text, isClosed)) {
      if (isClosed) throw new Error(`Ended with ${text}`);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return text;
  };
  return { until, close: () => response.destroy() };
}

describe('live', () => {
  test('colleagues hear of what is drawn, changed and deleted, also through another process, and of no other study', async () => {
    const [at, other] = [await place(), await place()];
    const second = await server.another();
    const id = randomUUID();
    try {
      const heard = await listen(staff, at, 0);
      await heard.until((text) => text.includes('alive'));
      const url = `/api/studies/${at.uid}/annotations/${id}`;
      const put = (payload: object) => second.app.inject({ method: 'PUT', url, headers: physician.headers, payload });
      await put(length(at, physician));
      await heard.until((text) => text.includes(id) && text.includes('"version":1'));
      const elsewhere = randomUUID();
      await save(physician, other, elsewhere, length(other, physician));
      await put(length(at, physician, { baseVersion: 1, isDeleted: true }));
      const text = await heard.until((all) => all.includes('"isDeleted":true'));
      expect(text).not.toContain(elsewhere);
      heard.close();
    } finally {
      await second.close();
    }
  });

  test('who listens is asked again each time: when the study goes to the trash, the events end', async () => {
    const at = await place();
    const studyId = await studyIdOf(at);
    const heard = await listen(staff, at, 0);
    await heard.until((text) => text.includes('alive'));
    await server.db.withSystem((tx) =>
      tx.run(composed({ text: 'UPDATE studies SET deleted_at = now() WHERE study_instance_uid = $1', values: [at.uid] })),
    );
    // It would be looked at by itself after ten seconds.
    await rows("SELECT pg_notify('negatoscope_events', 'annotations-changed ' || $1)", [studyId]);
    await heard.until((_, isClosed) => isClosed);
  });
});

describe('annotations go with their study', () => {
  const partitions = async (at: Place): Promise<Json[]> =>
    rows(
      'SELECT group_id FROM annotations WHERE study_id = $1 UNION ALL SELECT group_id FROM annotation_edits WHERE study_id = $1',
      [await studyIdOf(at)],
    );

  test('into another patient’s group, and back', async () => {
    const admin = await server.login('ADMIN');
    const groupId = await server.makeGroup();
    const member = await server.login(await server.makeUser({ role: 'PHYSICIAN', groupId }));
    const [at, there] = [await place(), await place(member, groupId)];
    const id = randomUUID();
    await save(physician, at, id, length(at, physician));
    const patientOf = async (one: Place) =>
      (await rows('SELECT patient_id FROM studies WHERE study_instance_uid = $1', [one.uid]))[0].patient_id;
    const wish = { patientId: await patientOf(there), acceptMismatch: true, mismatchReason: 'Vérifié avec la patiente' };
    expect((await ask(admin, 'PATCH', `/api/studies/${at.uid}`, wish)).status).toBe(200);
    expect(await partitions(at)).toEqual([{ group_id: groupId }, { group_id: groupId }]);
    expect((await list(member, at)).json.items).toMatchObject([{ id }]);
    expect((await list(physician, at)).status).toBe(404);
    const { items } = (await ask(admin, 'GET', `/api/studies/${at.uid}/moves`)).json;
    expect((await ask(admin, 'POST', `/api/study-moves/${items[0].id}/undo`)).status).toBe(200);
    expect(await partitions(at)).toEqual([{ group_id: null }, { group_id: null }]);
    expect((await list(physician, at)).json.items).toMatchObject([{ id }]);
  });

  test('to the record that stays, into the trash and out of it; when it is purged they are gone', async () => {
    const [at, other] = [await place(), await place()];
    const id = randomUUID();
    await save(physician, at, id, length(at, physician));
    const patients = await rows('SELECT patient_id FROM studies WHERE study_instance_uid = ANY ($1) ORDER BY id', [
      [at.uid, other.uid],
    ]);
    const [from = '', into = ''] = patients.map(({ patient_id }: { patient_id: string }) => patient_id);
    const merge = { id: randomUUID(), from, into, actorId: randomUUID(), now: new Date() };
    await server.db.withSystem((tx) => mergePatients(tx, ROW_KINDS, merge));
    expect((await list(physician, at)).json.items).toMatchObject([{ id }]);
    const studyId = await studyIdOf(at);
    const trash = (deletedAt: string | null) => rows('UPDATE studies SET deleted_at = $2 WHERE id = $1', [studyId, deletedAt]);
    await trash('2020-01-01');
    expect((await list(physician, at)).status).toBe(404);
    expect((await save(physician, at, randomUUID(), length(at, physician))).status).toBe(404);
    await trash(null);
    expect((await list(physician, at)).json.items).toMatchObject([{ id }]);
    await trash('2020-01-01');
    await server.db.withSystem((tx) => purgeStudy(tx, ROW_KINDS, studyId, new Date('2021-01-01')));
    expect(await rows('SELECT id FROM annotations WHERE study_id = $1', [studyId])).toEqual([]);
    expect(await rows('SELECT id FROM annotation_edits WHERE study_id = $1', [studyId])).toEqual([]);
  });

  test('one whose author’s account is gone stays, and nobody changes it', async () => {
    const at = await place();
    const leaving = await server.login('RADIOLOGIST');
    const id = randomUUID();
    await save(leaving, at, id, length(at, leaving));
    await rows('DELETE FROM users WHERE id = $1', [leaving.user.id]);
    expect((await list(physician, at)).json.items).toMatchObject([{ id, author: null, mayChange: false }]);
    expect((await save(physician, at, id, length(at, physician, { baseVersion: 1 }))).json.code).toBe('FORBIDDEN');
  });
});

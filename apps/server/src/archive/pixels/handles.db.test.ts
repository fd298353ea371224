import { ctVolume } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Actor, link, NOTHING, person, type Scope, scopeOf, service } from '../../access/index.ts';
import { createIngestFixture, type IngestFixture } from '../../features/ingest/ingest-fixture.ts';
import { newId } from '../../kernel/ids.ts';
import { inScope, scopeValues } from '../in-scope.ts';
import { readSeriesStored } from '../metadata/stored.ts';
import { createHandles, type Handles, type SeriesHandle } from './handles.ts';
import { createSeriesTables } from './series-table.ts';

const shared = [...ctVolume({ seed: 'shared by link', slices: 2, rows: 8, columns: 8 })];
const other = [...ctVolume({ seed: 'not shared', slices: 1, rows: 8, columns: 8 })];

let fixture: IngestFixture;
let handles: Handles;
let studyId: string;
beforeAll(async () => {
  fixture = await createIngestFixture();
  const member = await fixture.actor('PHYSICIAN', await fixture.group());
  const files = [...shared, ...other].map(({ fileName: name, bytes }) => ({ name, bytes: Buffer.from(bytes) }));
  const results = await fixture.send(files, { actor: member });
  expect(results.map(({ outcome }) => outcome)).toEqual(['stored', 'stored', 'stored']);
  handles = createHandles(fixture.db, { isTrusted: true });
  studyId = (await found(member, shared)).studyId;
});
afterAll(() => fixture.close());

async function found(actor: Actor, [slice]: typeof shared): Promise<SeriesHandle> {
  if (slice === undefined) throw new Error('no slice');
  const path = { groupId: undefined, studyInstanceUid: slice.studyInstanceUid };
  return handles.series(actor, path, slice.seriesInstanceUid);
}

const aLink = (studyIds: readonly string[]): Actor =>
  link({
    linkId: newId(),
    authorId: newId(),
    recipient: 'Dr X',
    until: new Date(Date.now() + 3_600_000),
    studyIds,
    permissions: new Set(['studies.read']),
    sessionId: newId(),
    ip: '::1',
  });

describe('a link to a study of a group', () => {
  test('opens its series, instances and headers, in the query and in the database, and no other study', async () => {
    const visitor = aLink([studyId]);
    const series = await found(visitor, shared);
    expect(series.scope).toEqual([{ kind: 'studies', ids: [studyId] }]);
    expect((await createSeriesTables(fixture.db).load(series)).instances).toHaveLength(2);
    expect(await readSeriesStored(fixture, series)).toHaveLength(2);
    expect(await handles.allSeries(series)).toHaveLength(1);
    await expect(found(visitor, other)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(found(aLink([]), shared)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(found(aLink([newId()]), shared)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('is asked nothing of what a person of another session was allowed', async () => {
    const sessionId = newId();
    const physician = (groupId: string | null): Actor =>
      person({
        userId: newId(),
        role: 'PHYSICIAN',
        level: 'WRITE',
        groupId,
        permissions: new Set(),
        sessionId,
        via: 'session',
        ip: '',
      });
    const group = (await found(service('test', []), shared)).groupId;
    expect((await found(physician(group), shared)).studyId).toBe(studyId);
    // The same session with another group: an old decision is not met.
    await expect(found(physician(null), shared)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('what is kept for all who may see a series', () => {
  test('is never what somebody saw of it who may not, or no longer', async () => {
    const tables = createSeriesTables(fixture.db);
    const series = await found(service('test', []), shared);
    const blind = { ...series, scope: NOTHING };
    const both = await Promise.all([tables.load(blind), tables.load(series)]);
    expect(both.map(({ instances }) => instances.length)).toEqual([0, 2]);
    const again = createSeriesTables(fixture.db);
    expect((await again.load(blind)).instances).toEqual([]);
    expect((await again.load(series)).instances).toHaveLength(2);
    expect(await readSeriesStored(fixture, blind)).toEqual([]);
  });
});

test.each([
  ['the members’', 'PHYSICIAN', true],
  ['researchers’', 'RESEARCHER', false],
] as const)('a service sees what is in no group and %s', async (_whose, role, seesUngrouped) => {
  const one: Scope = scopeOf(await fixture.actor(role));
  const ungrouped = await fixture.db.reading(one, (tx) =>
    tx.first(`SELECT count(*)::int AS n FROM studies s WHERE ${inScope('studies', 's', 1)}`, scopeValues(one)),
  );
  expect(ungrouped).toEqual({ n: 0 });
  expect(one.some(({ kind }) => kind === 'ungrouped')).toBe(seesUngrouped);
  const all = scopeOf(service('test', []));
  const every = await fixture.db.reading(all, (tx) => tx.first('SELECT count(*)::int AS n FROM studies'));
  expect(every).toEqual({ n: 2 });
});

import { createHash } from 'node:crypto';
import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type CtOptions, ctVolume } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deleteRetired, packSeriesMetadata } from '../../archive/metadata/packing.ts';
import { readSeriesMetadata } from '../../archive/metadata/series-metadata.ts';
import { countDamaged } from '../../archive/objects/stored-objects.ts';
import { Failure } from '../../kernel/failure.ts';
import { scrub } from '../system/scrub.ts';
import { beginPass, readState } from '../system/scrub-state.ts';
import { createIngestFixture, type IngestFixture, type NamedBytes } from './ingest-fixture.ts';

let fixture: IngestFixture;
beforeAll(async () => {
  fixture = await createIngestFixture();
});
afterAll(() => fixture.close());

const files = (seed: string, options: Partial<CtOptions> = {}): NamedBytes[] =>
  [...ctVolume({ seed, slices: 1, rows: 64, columns: 64, ...options })].map(({ fileName, bytes }) => ({ name: fileName, bytes }));
const fileOf = (id: string): string => path.join(fixture.folder, 'objects', id.slice(0, 4), id.slice(4, 8), id);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const damaged = () => fixture.db.withSystem(countDamaged);

/** A byte in the middle of the pixels is another. */
async function flip(id: string): Promise<void> {
  const bytes = await readFile(fileOf(id));
  const at = bytes.length - 100;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(fileOf(id), bytes);
}
const DAMAGES: [string, (id: string) => Promise<void>][] = [
  ['missing', (id) => rm(fileOf(id))],
  ['shorter', (id) => truncate(fileOf(id), 1000)],
  ['another by one bit', flip],
];

async function stored(seed: string): Promise<{ id: string; file: NamedBytes }> {
  const [file] = files(seed);
  if (file === undefined) throw new Error('no file');
  const [result] = await fixture.send([file]);
  expect(result?.outcome).toBe('stored');
  return { id: result?.instanceId ?? '', file };
}

describe('what is answered of an object that is not as it was received', () => {
  test.each(DAMAGES)(
    '%s: the identical file heals it, is answered as stored and REPAIRED, and is a duplicate from then on',
    async (what, harm) => {
      const { id, file } = await stored(`heal ${what}`);
      await fixture.guarded.read(id, 0, 100);
      await harm(id);
      const [healed] = await fixture.send([file]);
      expect(healed).toMatchObject({ outcome: 'stored', reason: 'REPAIRED', instanceId: id });
      expect(sha256(await readFile(fileOf(id)))).toBe(sha256(file.bytes));
      // Every process hears of it.
      await expect.poll(() => fixture.guarded.isDamaged(id)).toBe(false);
      expect(sha256(await fixture.guarded.read(id, 0, file.bytes.length))).toBe(sha256(file.bytes));
      expect(await damaged()).toBe(0);
      const [again] = await fixture.send([file]);
      expect(again).toMatchObject({ outcome: 'duplicate', reason: 'SAME_CONTENT', instanceId: id });
      const events = await fixture.db.withSystem((tx) =>
        tx.rows("SELECT id FROM audit_events WHERE action = 'instance.repaired' AND entity_id = $1", [id]),
      );
      expect(events).toHaveLength(1);
    },
  );

  test.each(DAMAGES)(
    '%s: the same image in another file is a conflict, never a duplicate, and heals nothing',
    async (what, harm) => {
      const { id, file } = await stored(`conflict ${what}`);
      const other = Buffer.from(file.bytes);
      other.write('another preamble', 0, 'latin1');
      // As long as both are whole, they are the same.
      expect((await fixture.send([{ name: 'other.dcm', bytes: other }]))[0]).toMatchObject({ outcome: 'duplicate' });
      await harm(id);
      const [result] = await fixture.send([{ name: 'other.dcm', bytes: other }]);
      expect(result).toMatchObject({ outcome: 'conflict', reason: 'SAME_UID_OTHER_CONTENT' });
      await expect(fixture.guarded.read(id, 0, 100)).rejects.toMatchObject({ code: 'OBJECT_DAMAGED' });
      expect((await fixture.send([file]))[0]).toMatchObject({ outcome: 'stored', reason: 'REPAIRED' });
    },
  );

  test.each(['OPEN', 'KEPT'] as const)(
    'a damaged file that is aside (%s) is healed by the very file, which stays aside once',
    async (status) => {
      const { id, file } = await stored(`aside ${status}`);
      const bytes = Buffer.from(file.bytes);
      bytes[bytes.length - 200] = (bytes.at(-200) ?? 0) ^ 1;
      const other = [{ name: 'other.dcm', bytes }];
      expect((await fixture.send(other))[0]).toMatchObject({ outcome: 'conflict' });
      const rows = () => fixture.db.withSystem((tx) => tx.rows('SELECT id FROM conflicts WHERE existing_instance_id = $1', [id]));
      const [conflict] = await rows();
      const aside = conflict?.id ?? '';
      await fixture.db.withSystem((tx) => tx.run('UPDATE conflicts SET status = $2 WHERE id = $1', [aside, status]));
      for (const [, harm] of DAMAGES) {
        await harm(aside);
        expect((await fixture.send(other))[0]).toMatchObject({ outcome: 'conflict', reason: 'SAME_UID_OTHER_CONTENT' });
        expect(sha256(await readFile(fileOf(aside)))).toBe(sha256(bytes));
        expect(await damaged()).toBe(0);
        await expect.poll(() => fixture.guarded.isDamaged(aside)).toBe(false);
        expect(await fixture.guarded.read(aside, 0, bytes.length)).toEqual(bytes);
      }
      expect(await rows()).toEqual([{ id: aside }]);
      const events = await fixture.db.withSystem((tx) =>
        tx.rows("SELECT id FROM audit_events WHERE action = 'conflict.repaired' AND entity_id = $1", [aside]),
      );
      expect(events).toHaveLength(DAMAGES.length);
    },
  );

  test('a hash that is asked before sending is not known while its object is damaged', async () => {
    const actor = await fixture.actor();
    const app = await fixture.http(actor);
    const { id, file } = await stored('known');
    const known = async () => {
      const opened = await app.inject({ method: 'POST', url: '/api/imports', payload: {} });
      const payload = { files: [{ name: 'a', sizeBytes: file.bytes.length, sha256: sha256(file.bytes) }] };
      const answer = await app.inject({ method: 'POST', url: `/api/imports/${opened.json<{ id: string }>().id}/known`, payload });
      return answer.json<{ known: string[] }>().known;
    };
    expect(await known()).toEqual([sha256(file.bytes)]);
    await flip(id);
    expect(await known()).toEqual([]);
    await fixture.send([file]);
    expect(await known()).toEqual([sha256(file.bytes)]);
    await app.close();
  });

  test('a store that is away damages nothing', async () => {
    const { id, file } = await stored('away');
    const mark = path.join(fixture.folder, 'objects', '.negatoscope-objects');
    const bytes = await readFile(fileOf(id));
    await rm(mark);
    await rm(fileOf(id));
    fixture.objects.forget(undefined);
    await expect(fixture.guarded.read(id, 0, 100)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(fixture.send([file])).rejects.toBeInstanceOf(Failure);
    expect(await damaged()).toBe(0);
    await writeFile(mark, '');
    await writeFile(fileOf(id), bytes);
    expect((await fixture.send([file]))[0]).toMatchObject({ outcome: 'duplicate' });
  });

  test('an object that was restored before its transaction failed is told of as repaired by the next', async () => {
    const { id, file } = await stored('crash between');
    await rm(fileOf(id));
    expect(await fixture.guarded.mark(id, 'MISSING')).toBe(true);
    // The state after a crash between object and row.
    await fixture.guarded.restore(id, {
      sizeBytes: file.bytes.length,
      read: async (at, length) => Buffer.from(file.bytes.subarray(at, at + length)),
    });
    await expect(fixture.guarded.read(id, 0, 100)).rejects.toMatchObject({ code: 'OBJECT_DAMAGED' });
    expect((await fixture.send([file]))[0]).toMatchObject({ outcome: 'stored', reason: 'REPAIRED' });
    expect(await damaged()).toBe(0);
  });
});

describe('reading all objects', () => {
  const tools = (days: number) => ({
    db: fixture.db,
    objects: fixture.guarded,
    clock: { now: () => new Date(Date.now() + days * 86_400_000) },
    days: 30,
    maxShare: 1,
    kinds: fixture.kinds,
    rebuildMetadata: fixture.ingest.rebuildMetadata,
    by: fixture.by,
  });
  const run = (days: number) => scrub(tools(days), new AbortController().signal);

  test('finds every kind of damage within the days, and what was healed by hand; no more is read than it is time for', async () => {
    const many = await fixture.send(files('scrubbed', { slices: 40, rows: 16, columns: 16 }));
    const ids = many.map(({ instanceId }) => instanceId ?? '');
    await fixture.db.withSystem((tx) => beginPass(tx, new Date(), 40));
    await run(0);
    expect((await fixture.db.withSystem(readState))?.objects).toBe(1);
    await run(13.5);
    const halfway = (await fixture.db.withSystem(readState))?.objects ?? 0;
    expect(halfway).toBeGreaterThanOrEqual(20);
    expect(halfway).toBeLessThanOrEqual(22);
    const [missing = '', short = '', flipped = '', good = ''] = ids.slice(-4);
    await rm(fileOf(missing));
    await truncate(fileOf(short), 200);
    await flip(flipped);
    await fixture.guarded.mark(good, 'HASH');
    await run(30);
    const rows = await fixture.db.withSystem((tx) => tx.rows('SELECT id, reason FROM damaged_objects ORDER BY id'));
    expect(rows).toEqual(
      [
        { id: missing, reason: 'MISSING' },
        { id: short, reason: 'SIZE' },
        { id: flipped, reason: 'HASH' },
      ].sort((a, b) => (a.id < b.id ? -1 : 1)),
    );
    const state = await fixture.db.withSystem(readState);
    expect(state).toMatchObject({ objects: 0, last_objects: expect.any(Number) });
    expect(state?.last_objects).toBeGreaterThanOrEqual(40);
    for (const id of [missing, short, flipped])
      await expect(fixture.guarded.size(id)).rejects.toMatchObject({ code: 'OBJECT_DAMAGED' });
    await expect.poll(() => fixture.guarded.isDamaged(good)).toBe(false);
  });

  test('the metadata of a series whose object is damaged is made anew from its instances', async () => {
    const results = await fixture.send(files('metadata', { slices: 5, rows: 16, columns: 16 }));
    const later = { ...fixture, clock: { now: () => new Date(Date.now() + 600_000) } };
    await packSeriesMetadata(later);
    const series = await fixture.db.withSystem((tx) =>
      tx.first('SELECT s.id, s.metadata_object FROM series s JOIN instances i ON i.series_id = s.id WHERE i.id = $1', [
        results[0]?.instanceId ?? '',
      ]),
    );
    const before = await fixture.guarded.read(
      series?.metadata_object ?? '',
      0,
      await fixture.guarded.size(series?.metadata_object ?? ''),
    );
    await flip(series?.metadata_object ?? '');
    await fixture.db.withSystem((tx) => beginPass(tx, new Date(Date.now() - 31 * 86_400_000), 1));
    await run(0);
    await packSeriesMetadata(later);
    const after = await fixture.db.withSystem((tx) =>
      tx.first('SELECT id, metadata_object FROM series WHERE id = $1', [series?.id ?? '']),
    );
    expect(after?.metadata_object).not.toBe(series?.metadata_object);
    expect(sha256(await fixture.guarded.read(after?.metadata_object ?? '', 0, before.length))).toBe(sha256(before));
    const listed = await fixture.db.withSystem((tx) => tx.rows("SELECT id FROM damaged_objects WHERE kind = 'METADATA'"));
    expect(listed).toEqual([]);
    await deleteRetired({ ...fixture, clock: { now: () => new Date(Date.now() + 3_600_000) } });
  });

  test('the metadata of a series that has grown and whose object is damaged costs no other series anything, and is whole once it was made anew', async () => {
    const later = { ...fixture, objects: fixture.guarded, clock: { now: () => new Date(Date.now() + 600_000) } };
    const grown = files('grown', { slices: 4, rows: 16, columns: 16 });
    await fixture.send(grown.slice(0, 3));
    await packSeriesMetadata(later);
    const last = await fixture.send(grown.slice(3));
    const named = 'SELECT s.id, s.metadata_object FROM series s JOIN instances i ON i.series_id = s.id WHERE i.id = $1';
    const seriesOf = (instanceId = '') => fixture.db.withSystem((tx) => tx.first(named, [instanceId]));
    const before = await seriesOf(last[0]?.instanceId);
    const known = await damaged();
    await rm(fileOf(before?.metadata_object ?? ''));
    const other = await fixture.send(files('another', { slices: 2, rows: 16, columns: 16 }));
    expect(await packSeriesMetadata(later)).toBe(1);
    expect((await seriesOf(other[0]?.instanceId))?.metadata_object).not.toBeNull();
    expect((await seriesOf(last[0]?.instanceId))?.metadata_object).toBe(before?.metadata_object);
    // Found out by reading it: known from then on, and not tried again.
    await expect.poll(damaged).toBe(known + 1);
    expect(await packSeriesMetadata(later)).toBe(0);
    await fixture.db.withSystem((tx) => beginPass(tx, new Date(Date.now() - 31 * 86_400_000), 1));
    await run(0);
    expect(await packSeriesMetadata(later)).toBe(1);
    const after = await seriesOf(last[0]?.instanceId);
    expect(await readSeriesMetadata(fixture.guarded, after?.metadata_object ?? '')).toHaveLength(4);
  });
});

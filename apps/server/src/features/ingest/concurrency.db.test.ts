import { ctVolume } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openOwnPartition } from '../../archive/partitions.ts';
import { newId } from '../../kernel/ids.ts';
import { createIngestFixture, type IngestFixture, type NamedBytes } from './ingest-fixture.ts';

let fixture: IngestFixture;
beforeAll(async () => {
  fixture = await createIngestFixture();
});
afterAll(() => fixture.close());

async function storedObjects(): Promise<number> {
  let count = 0;
  for await (const ids of fixture.objects.list()) count += ids.length;
  return count;
}

describe('many at once (R13)', () => {
  test('20 workers sending one study five times store each instance once', { timeout: 120_000 }, async () => {
    const files: NamedBytes[] = [...ctVolume({ seed: 'R13', slices: 5, rows: 32, columns: 32 })].map(({ fileName, bytes }) => ({
      name: fileName,
      bytes,
    }));
    const worker = async (): Promise<string[]> => {
      const outcomes: string[] = [];
      for (let upload = 0; upload < 5; upload += 1) {
        const turned = [...files.slice(upload), ...files.slice(0, upload)];
        outcomes.push(...(await fixture.send(turned)).map(({ outcome }) => outcome));
      }
      return outcomes;
    };
    const outcomes = (await Promise.all(Array.from({ length: 20 }, worker))).flat();
    expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(5);
    expect(outcomes.filter((outcome) => outcome === 'duplicate')).toHaveLength(20 * 5 * 5 - 5);
    expect(await storedObjects()).toBe(5);
    const counts = await fixture.db.withSystem((tx) =>
      tx.first(
        `SELECT st.instance_count, st.series_count, st.size_bytes::int, p.study_count, s.instance_count AS in_series,
           (SELECT count(*)::int FROM patients) AS patients FROM studies st JOIN patients p ON p.id = st.patient_id JOIN series s ON s.study_id = st.id`,
      ),
    );
    const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
    expect(counts).toEqual({ instance_count: 5, series_count: 1, size_bytes: bytes, study_count: 1, in_series: 5, patients: 1 });
  });

  test('100 clients with one new instance: one object, success or duplicate for all', { timeout: 120_000 }, async () => {
    const before = await storedObjects();
    const [file] = [...ctVolume({ seed: 'R13 one', slices: 1, rows: 32, columns: 32 })];
    const bytes = file?.bytes ?? new Uint8Array();
    const results = await Promise.all(Array.from({ length: 100 }, () => fixture.send([{ name: 'one.dcm', bytes }])));
    const outcomes = results.flat().map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'stored')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'duplicate')).toHaveLength(99);
    expect(await storedObjects()).toBe(before + 1);
  });

  test('the first requests of people who see no identities, eight at once of each, open a partition for each and fail for nobody', async () => {
    const people = Array.from({ length: 60 }, newId);
    const open = (id: string) => fixture.db.withSystem((tx) => openOwnPartition(tx, id, null));
    for (const id of people) await Promise.all(Array.from({ length: 8 }, () => open(id)));
    const made = await fixture.db.withSystem((tx) =>
      tx.first('SELECT count(*)::int AS own FROM groups WHERE is_personal AND home_id IS NULL AND id = ANY($1::uuid[])', [
        people,
      ]),
    );
    expect(made).toEqual({ own: people.length });
  });

  test('what was answered can be read at once (R15)', async () => {
    for (const { fileName, bytes } of ctVolume({ seed: 'R15', slices: 20, rows: 32, columns: 32 })) {
      const [result] = await fixture.send([{ name: fileName, bytes }]);
      const id = result?.instanceId ?? '';
      expect((await fixture.objects.read(id, 0, bytes.length)).equals(bytes)).toBe(true);
      const row = await fixture.db.withSystem((tx) => tx.first('SELECT id FROM instances WHERE id = $1', [id]));
      expect(row).toEqual({ id });
    }
  });
});

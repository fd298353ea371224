import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FileResult } from './index.ts';
import { createIngestFixture, type IngestFixture, type NamedBytes } from './ingest-fixture.ts';

const root =
  process.env.NEGATOSCOPE_TESTDATA ?? fileURLToPath(new URL('../../../../../../shared/testdata/dicom', import.meta.url));

async function readFolder(): Promise<NamedBytes[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .filter((name) => !/^(oracle|licenses|upstream-expected)\/|^[A-Z_]+\.(md|csv)$/.test(name))
    .sort();
  return Promise.all(names.map(async (name) => ({ name, bytes: await readFile(path.join(root, name)) })));
}

/** `outcome reason` → how many. */
function tally(results: readonly FileResult[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { outcome, reason } of results) {
    const key = reason === undefined ? outcome : `${outcome} ${reason}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

// The files are not part of the repository: see packages/dicom's own tests for where they come from.
describe.skipIf(!existsSync(root))('the folder of real files', () => {
  let fixture: IngestFixture;
  beforeAll(async () => {
    fixture = await createIngestFixture();
  });
  afterAll(() => fixture.close());

  test('gives every file one outcome, and importing it again changes nothing', { timeout: 120_000 }, async () => {
    const files = await readFolder();
    expect(files).toHaveLength(253);
    const first = await fixture.send(files);
    // 33 share a UID with other content, 26 lack a UID or carry none that PS3.5 9.1 knows, 3 say the same as another file.
    const kept = {
      'conflict SAME_UID_OTHER_CONTENT': 33,
      'ignored DICOMDIR': 4,
      'rejected INVALID_UID': 2,
      'rejected MISSING_SOP_CLASS_UID': 4,
      'rejected MISSING_SOP_INSTANCE_UID': 8,
      'rejected MISSING_STUDY_UID': 12,
      'rejected NOT_DICOM': 1,
      'rejected TRUNCATED': 3,
    };
    expect(tally(first)).toEqual({ ...kept, stored: 183, 'duplicate SAME_CONTENT': 3 });
    const before = await countRows(fixture);
    expect(tally(await fixture.send(files))).toEqual({ ...kept, 'duplicate SAME_CONTENT': 186 });
    expect(await countRows(fixture)).toEqual(before);
    expect(before).toMatchObject({ instances: 183, conflicts: 33, objects: 183 + 33 });
  });

  test('counts of studies, series and patients are those of their rows', async () => {
    const wrong = await fixture.db.withSystem((tx) =>
      tx.rows(
        `SELECT st.id FROM studies st LEFT JOIN LATERAL (
             SELECT count(*) AS instances, sum(i.size_bytes) AS bytes, count(DISTINCT s.id) AS series
             FROM series s JOIN instances i ON i.series_id = s.id WHERE s.study_id = st.id) n ON true
           WHERE (st.instance_count, st.size_bytes, st.series_count) IS DISTINCT FROM (n.instances, n.bytes, n.series)
         UNION ALL SELECT p.id FROM patients p WHERE study_count <> (SELECT count(*) FROM studies WHERE patient_id = p.id)
         UNION ALL SELECT s.id FROM series s WHERE instance_count <> (SELECT count(*) FROM instances WHERE series_id = s.id)`,
      ),
    );
    expect(wrong).toEqual([]);
  });
});

async function countRows({ db, objects }: IngestFixture): Promise<Record<string, number>> {
  const row = await db.withSystem((tx) =>
    tx.first(
      `SELECT (SELECT count(*) FROM instances) AS instances, (SELECT count(*) FROM conflicts) AS conflicts,
         (SELECT count(*) FROM studies) AS studies, (SELECT count(*) FROM patients) AS patients`,
    ),
  );
  let stored = 0;
  for await (const ids of objects.list()) stored += ids.length;
  return { ...row, objects: stored };
}

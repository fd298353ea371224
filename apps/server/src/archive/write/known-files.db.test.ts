import { ctVolume } from '@negatoscope/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createIngestFixture, type IngestFixture } from '../../features/ingest/ingest-fixture.ts';
import { findKnown } from './known-files.ts';

let fixture: IngestFixture;
beforeAll(async () => {
  fixture = await createIngestFixture();
});
afterAll(() => fixture.close());

/** How many rows of instances the indexes led to, in a transaction that plans for a few rows as for a million: by the index, instances first. */
function fetchedFor(groupId: string | null, sha256: Buffer): Promise<{ known: number; fetched: number }> {
  return fixture.db.withSystem(async (tx) => {
    for (const name of ['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin'] as const)
      await tx.run(`SET LOCAL ${name} = off`);
    await tx.run('SET LOCAL join_collapse_limit = 1');
    const read = async (): Promise<number> => {
      const row = await tx.first(`SELECT idx_tup_fetch AS fetched FROM pg_stat_xact_user_tables WHERE relname = 'instances'`);
      return row?.fetched ?? 0;
    };
    const before = await read();
    const known = await findKnown(tx, { groupId, patientId: null }, [sha256]);
    return { known: known.length, fetched: (await read()) - before };
  });
}

test('whose file another group holds is not looked up there: no row of it is fetched, whose moment would tell that it is there', async () => {
  const group = await fixture.group('Elsewhere');
  const [ct] = ctVolume({ seed: 'known elsewhere', slices: 1, rows: 8, columns: 8 });
  if (ct === undefined) throw new Error('no file');
  const actor = await fixture.actor('ADMIN', null);
  const [result] = await fixture.send([{ name: ct.fileName, bytes: ct.bytes }], { actor, target: { groupId: group } });
  expect(result).toMatchObject({ outcome: 'stored' });
  const sha256 = Buffer.from(result?.sha256 ?? '', 'hex');
  expect(await fetchedFor(group, sha256)).toEqual({ known: 1, fetched: 1 });
  expect(await fetchedFor(null, sha256)).toEqual({ known: 0, fetched: 0 });
  expect(await fetchedFor(await fixture.group('Here'), sha256)).toEqual({ known: 0, fetched: 0 });
});

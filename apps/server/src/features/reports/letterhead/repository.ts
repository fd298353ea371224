import type { ReadTx, Tx } from '../../../platform/db/database.ts';

/** What a site has set itself; undefined where it has set nothing. */
export const findSite = (tx: ReadTx, siteId: string | null) =>
  tx.first('SELECT letterhead, may_dictate FROM report_sites WHERE site_id IS NOT DISTINCT FROM $1::uuid', [siteId]);

export const findLetterhead = (tx: ReadTx, sha256: Buffer) =>
  tx.first('SELECT name, lines, phone, logo FROM letterheads WHERE sha256 = $1', [sha256]);

/** The letterhead of a partition: its own, else that of the installation; undefined where neither has one. */
export const findLetterheadIn = async (tx: ReadTx, groupId: string | null): Promise<Buffer | undefined> =>
  (
    await tx.first(
      'SELECT letterhead FROM report_sites WHERE (site_id = $1 OR site_id IS NULL) AND letterhead IS NOT NULL ORDER BY site_id NULLS LAST LIMIT 1',
      [groupId],
    )
  )?.letterhead ?? undefined;

/** Whether a partition lets who writes dictate: as it says, else as the installation, else not. */
export const mayDictateIn = async (tx: ReadTx, groupId: string | null): Promise<boolean> =>
  (
    await tx.first(
      'SELECT may_dictate FROM report_sites WHERE (site_id = $1 OR site_id IS NULL) AND may_dictate IS NOT NULL ORDER BY site_id NULLS LAST LIMIT 1',
      [groupId],
    )
  )?.may_dictate ?? false;

export interface KeptLetterhead {
  readonly name: string;
  readonly lines: readonly string[];
  readonly phone: string | null;
  readonly logo: Buffer | null;
}
export const keepLetterhead = (tx: Tx, sha256: Buffer, { name, lines, phone, logo }: KeptLetterhead): Promise<number> =>
  tx.run(
    'INSERT INTO letterheads (sha256, name, lines, phone, logo) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (sha256) DO NOTHING',
    [sha256, name, [...lines], phone, logo],
  );

export const putSite = (
  tx: Tx,
  siteId: string | null,
  {
    letterhead,
    mayDictate,
    now,
  }: { readonly letterhead: Buffer | null; readonly mayDictate: boolean | null; readonly now: Date },
): Promise<number> =>
  tx.run(
    `INSERT INTO report_sites (site_id, letterhead, may_dictate, changed_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (site_id) DO UPDATE SET letterhead = excluded.letterhead, may_dictate = excluded.may_dictate, changed_at = excluded.changed_at`,
    [siteId, letterhead, mayDictate, now],
  );

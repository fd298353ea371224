import { createHash } from 'node:crypto';
import { BrokenInvariant } from '../../../kernel/broken-invariant.ts';
import type { ReadTx, Tx } from '../../../platform/db/database.ts';
import { canonical } from '../canonical.ts';
import * as repository from './repository.ts';

/** What stands above a printed report. */
export interface Letterhead {
  readonly name: string;
  readonly lines: readonly string[];
  readonly image?: Buffer;
}

/** Keeps a letterhead under the SHA-256 of its canonical form, and gives that: what is kept never changes. */
export async function keepLetterhead(tx: Tx, letterhead: repository.KeptLetterhead): Promise<Buffer> {
  const { name, lines, phone, logo } = letterhead;
  const said = canonical({ name, lines, phone, logo: logo === null ? null : logo.toString('base64') });
  const sha256 = createHash('sha256').update(said).digest();
  await repository.keepLetterhead(tx, sha256, letterhead);
  return sha256;
}

/** The letterhead of what is signed now in a partition: its own, else the installation’s, else the installation’s name. */
export const letterheadToSign = async (tx: Tx, groupId: string | null, installation: string): Promise<Buffer> =>
  (await repository.findLetterheadIn(tx, groupId)) ??
  (await keepLetterhead(tx, { name: installation, lines: [], phone: null, logo: null }));

/** The letterhead that a version was signed under; the installation’s name for one of before there were any. */
export async function letterheadOf(tx: ReadTx, sha256: Buffer | null, installation: string): Promise<Letterhead> {
  if (sha256 === null) return { name: installation, lines: [] };
  const kept = await repository.findLetterhead(tx, sha256);
  if (kept === undefined) throw new BrokenInvariant('A letterhead that reports were signed under is not there.');
  const { name, lines, phone, logo } = kept;
  return { name, lines: phone === null ? lines : [...lines, phone], ...(logo === null ? {} : { image: logo }) };
}

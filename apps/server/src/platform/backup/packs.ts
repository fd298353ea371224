import { randomBytes } from 'node:crypto';
import type { IndexEntry } from './index-file.ts';
import { sealFile } from './sealed.ts';
import type { BackupTarget } from './target.ts';

export const PACKS = 'packs';
/** Packs are filled up to whole frames: their sizes tell nothing of what is in them. */
const STEP = 256 * 1024;

export type PackedEntry = Omit<IndexEntry, 'pack'>;

/** A pack that is being filled. */
export interface FilledPack {
  readonly name: string;
  readonly parts: Buffer[];
  bytes: number;
  readonly entries: PackedEntry[];
}

export function emptyPack(): FilledPack {
  const id = randomBytes(16).toString('hex');
  return { name: `${PACKS}/${id.slice(0, 2)}/${id}`, parts: [], bytes: 0, entries: [] };
}

export async function putPack(
  target: BackupTarget,
  key: Buffer,
  { name, parts, bytes }: Omit<FilledPack, 'entries'>,
): Promise<void> {
  const filler = Buffer.alloc((STEP - (bytes % STEP)) % STEP);
  await target.put(name, await sealFile(key, name, Buffer.concat([...parts, filler])));
}

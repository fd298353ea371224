import { SealedFile, sealFile } from './sealed.ts';
import type { BackupTarget } from './target.ts';

/** Sizes tell nothing of what is inside: documents are filled up to whole steps. */
const STEP = 16 * 1024;
const LENGTH = 6;

/** Bytes as one sealed file of a name. */
export async function putDocument(target: BackupTarget, key: Buffer, name: string, content: Buffer): Promise<void> {
  const bytes = Buffer.alloc(Math.ceil((LENGTH + content.length) / STEP) * STEP);
  bytes.writeUIntLE(content.length, 0, LENGTH);
  content.copy(bytes, LENGTH);
  await target.put(name, await sealFile(key, name, bytes));
}

export async function getDocument(target: BackupTarget, key: Buffer, name: string): Promise<Buffer> {
  const file = new SealedFile(key, name, await target.get(name));
  return file.read(LENGTH, file.read(0, LENGTH).readUIntLE(0, LENGTH));
}

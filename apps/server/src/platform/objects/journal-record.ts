import { createHash } from 'node:crypto';
import path from 'node:path';

/** docs/storage-layout.md has the layout. */
export const JOURNAL_SUFFIX = '.journal';
/** In place of the boot, in the name of a journal whose files the kernel could not write back. */
const UNFLUSHED = 'unflushed';

/** The boot of the machine that a journal was begun under, as its name tells; a machine that can't say has none. */
export const bootOf = (name: string): string => name.split('.')[2] ?? '';

export const isUnflushed = (name: string): boolean => bootOf(name) === UNFLUSHED;

export function unflushedName(file: string): string {
  const parts = path.basename(file).split('.');
  parts[2] = UNFLUSHED;
  return path.join(path.dirname(file), parts.join('.'));
}

const MAGIC = Buffer.from('NGJ1', 'latin1');
const HEAD_BYTES = MAGIC.length + 4 + 16 + 32;

export interface JournalRecord {
  readonly id: string;
  readonly bytes: Uint8Array;
  /** SHA-256 of `bytes`. */
  readonly sha256: Uint8Array;
}

export function encodeRecord({ id, sha256, bytes }: JournalRecord): Buffer {
  const record = Buffer.allocUnsafe(HEAD_BYTES + bytes.length);
  MAGIC.copy(record);
  record.writeUInt32LE(bytes.length, 4);
  record.set(Buffer.from(id.replaceAll('-', ''), 'hex'), 8);
  record.set(sha256, 24);
  record.set(bytes, HEAD_BYTES);
  return record;
}

/** The records of a journal up to the first that is not whole: what a crash cut off had not been acknowledged. */
export function* decodeRecords(journal: Buffer): Generator<JournalRecord> {
  for (let at = 0; at + HEAD_BYTES <= journal.length; ) {
    if (!journal.subarray(at, at + 4).equals(MAGIC)) return;
    const end = at + HEAD_BYTES + journal.readUInt32LE(at + 4);
    if (end > journal.length) return;
    const sha256 = journal.subarray(at + 24, at + HEAD_BYTES);
    const bytes = journal.subarray(at + HEAD_BYTES, end);
    if (!createHash('sha256').update(bytes).digest().equals(sha256)) return;
    const id = journal.toString('hex', at + 8, at + 24).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    yield { id, bytes, sha256 };
    at = end;
  }
}

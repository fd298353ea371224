import { createHash } from 'node:crypto';

/** docs/storage-layout.md has the layout. */
export const JOURNAL_SUFFIX = '.journal';
/** Before the suffix, in the name of a journal of whose files one may have been flushed, and the flush may have failed. */
const UNFLUSHED = '.unflushed';

/** The boot of the machine that a journal was begun under, as its name tells; a machine that can't say has none. */
export const bootOf = (name: string): string => name.split('.')[2] ?? '';

export const isUnflushed = (file: string): boolean => file.endsWith(UNFLUSHED + JOURNAL_SUFFIX);

export const unflushedName = (file: string): string =>
  isUnflushed(file) ? file : file.slice(0, -JOURNAL_SUFFIX.length) + UNFLUSHED + JOURNAL_SUFFIX;

const MAGIC = Buffer.from('NGJ1', 'latin1');
const HEAD_BYTES = MAGIC.length + 4 + 16 + 32;

export interface JournalRecord {
  readonly id: string;
  readonly bytes: Uint8Array;
  /** SHA-256 of `bytes`. */
  readonly sha256: Uint8Array;
}

/** One as it stands in a journal: where its bytes begin there. */
export interface StandingRecord extends JournalRecord {
  readonly offset: number;
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
export function* decodeRecords(journal: Buffer): Generator<StandingRecord> {
  for (let at = 0; at + HEAD_BYTES <= journal.length; ) {
    if (!journal.subarray(at, at + 4).equals(MAGIC)) return;
    const end = at + HEAD_BYTES + journal.readUInt32LE(at + 4);
    if (end > journal.length) return;
    const sha256 = journal.subarray(at + 24, at + HEAD_BYTES);
    const bytes = journal.subarray(at + HEAD_BYTES, end);
    if (!createHash('sha256').update(bytes).digest().equals(sha256)) return;
    const id = journal.toString('hex', at + 8, at + 24).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    yield { id, bytes, sha256, offset: at + HEAD_BYTES };
    at = end;
  }
}

import { createHash, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { deflateRaw } from 'node:zlib';
import pLimit from 'p-limit';
import { StartError } from '../../kernel/start-error.ts';
import { inflate } from '../inflate/index.ts';
import { getDocument, putDocument } from './documents.ts';
import { DEFLATED, decodeIndex, encodeIndex, type IndexEntry, LIST, OF_OBJECT, PART } from './index-file.ts';
import { emptyPack, type FilledPack, putPack } from './packs.ts';
import type { UnlockedRepository } from './repository-key.ts';
import { SealedFile } from './sealed.ts';
import type { BackupTarget } from './target.ts';

/** The longest piece; a segment of PostgreSQL's log is one. */
export const PIECE_BYTES = 16 * 2 ** 20;
export const PACK_BYTES = 32 * 2 ** 20;
/** After so many packs what they hold is written down, so that a run that is cut off has not to copy it again. */
const PACKS_OF_AN_INDEX = 16;
const OPEN_PACKS = 3;
/** Each is a trip to a service elsewhere. */
const INDEXES_AT_ONCE = 8;
const HASH = 32;

export const INDEXES = 'indexes';

const deflate = promisify(deflateRaw);
const keyOf = (hash: Buffer): string => hash.toString('latin1');
export const sha256 = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();

/** Where a piece is. */
export interface Place extends Omit<IndexEntry, 'pack'> {
  readonly pack: string;
  /** Some row named it in this run. */
  isSeen?: boolean;
}

export interface Added {
  /** Bytes that this run put into packs; 0 for what was there. */
  readonly copied: number;
}

/**
 * Everything that is in the backup, by what it is: pieces of at most 16 MiB under the SHA-256 of their bytes, many of them in one sealed pack. What
 * is there already is not written again. One at a time may add; reading is for any number.
 */
export class Pieces {
  readonly #target: BackupTarget;
  readonly #key: Buffer;
  readonly #places: Map<string, Place>;
  readonly #indexes: string[];
  #pack: FilledPack;
  #written: { name: string; entries: readonly Omit<IndexEntry, 'pack'>[] }[] = [];
  /** The pack that is on its way while the next one is filled. */
  #sending: Promise<void> = Promise.resolve();
  readonly #opened = new Map<string, Promise<SealedFile>>();

  private constructor(target: BackupTarget, key: Buffer, known: { places: Map<string, Place>; indexes: string[] }) {
    this.#target = target;
    this.#key = key;
    this.#places = known.places;
    this.#indexes = known.indexes;
    this.#pack = emptyPack();
  }

  /** Reads what the index files say; fails with BACKUP_DAMAGED and the name of one that can't be read. */
  static async load(target: BackupTarget, { key }: UnlockedRepository): Promise<Pieces> {
    return new Pieces(target, key, await readIndexes(target, key));
  }

  get indexes(): readonly string[] {
    return this.#indexes;
  }

  places(): Iterable<Place> {
    return this.#places.values();
  }

  has(hash: Buffer, flags = 0): boolean {
    const place = this.#places.get(keyOf(hash));
    return place !== undefined && (place.flags & flags) === flags;
  }

  /** Whether the bytes of an object of the store are here; they count as named from then on. */
  see(hash: Buffer): boolean {
    const place = this.#places.get(keyOf(hash));
    if (place === undefined || (place.flags & OF_OBJECT) === 0) return false;
    place.isSeen = true;
    return true;
  }

  /** Objects that nothing named in this run: what is part of a longer one goes with it. */
  unseen(): Buffer[] {
    return [...this.#places.values()]
      .filter(({ flags, isSeen }) => (flags & (OF_OBJECT | PART)) === OF_OBJECT && isSeen !== true)
      .map(({ hash }) => hash);
  }

  /** Adds a piece. `deflates`: where it is worth it, as for pages and segments of the database. */
  async add(bytes: Buffer, { hash = sha256(bytes), flags = 0, deflates = false } = {}): Promise<Added> {
    if (this.has(hash, flags)) return { copied: 0 };
    const smaller = deflates && bytes.length > 0 ? await deflate(bytes, { level: 1 }) : bytes;
    const isDeflated = smaller.length < bytes.length * 0.95;
    const stored = isDeflated ? smaller : bytes;
    // Another may have added the same meanwhile.
    if (this.has(hash, flags)) return { copied: 0 };
    const entry = {
      hash,
      offset: this.#pack.bytes,
      storedBytes: stored.length,
      sizeBytes: bytes.length,
      flags: flags | ((this.#places.get(keyOf(hash))?.flags ?? 0) & ~DEFLATED) | (isDeflated ? DEFLATED : 0),
    };
    this.#places.set(keyOf(hash), { ...entry, pack: this.#pack.name, isSeen: true });
    this.#pack.parts.push(stored);
    this.#pack.bytes += stored.length;
    this.#pack.entries.push(entry);
    if (this.#pack.bytes >= PACK_BYTES) await this.#send();
    return { copied: stored.length };
  }

  /** Keeps what is longer than a piece as the list of its pieces' hashes; `hash` is that of all the bytes. */
  async addList(hash: Buffer, pieces: readonly Buffer[], flags: number): Promise<void> {
    if (!this.has(hash, flags | LIST)) await this.add(Buffer.concat(pieces), { hash, flags: flags | LIST });
  }

  /** Makes everything that was added durable, and says so in an index file. */
  async flush(): Promise<void> {
    if (this.#pack.entries.length > 0) await this.#send();
    await this.#sending;
    await this.#writeIndex();
  }

  async #send(): Promise<void> {
    const pack = this.#pack;
    this.#pack = emptyPack();
    const before = this.#sending;
    this.#sending = before.then(() => this.#write(pack));
    this.#sending.catch(() => undefined);
    await before;
  }

  async #write({ name, parts, bytes, entries }: FilledPack): Promise<void> {
    await putPack(this.#target, this.#key, { name, parts, bytes });
    this.#written.push({ name, entries });
    if (this.#written.length >= PACKS_OF_AN_INDEX) await this.#writeIndex();
  }

  async #writeIndex(): Promise<void> {
    if (this.#written.length === 0) return;
    const written = this.#written;
    this.#written = [];
    const entries = written.flatMap((pack, number) => pack.entries.map((entry) => ({ ...entry, pack: number })));
    const name = `${INDEXES}/${randomBytes(16).toString('hex')}`;
    await putDocument(
      this.#target,
      this.#key,
      name,
      encodeIndex({ packs: written.map((pack) => pack.name), replaces: [], entries }),
    );
    this.#indexes.push(name);
  }

  /** Bytes of a piece as they stand in its pack. */
  async stored({ pack, offset, storedBytes }: Place): Promise<Buffer> {
    return (await this.#openPack(pack)).read(offset, storedBytes);
  }

  /** Bytes of a piece as they were, compared with their hash. Fails with BACKUP_INCOMPLETE or BACKUP_DAMAGED, which name the file. */
  async read(hash: Buffer): Promise<Buffer> {
    const place = this.#places.get(keyOf(hash));
    if (place === undefined)
      throw new StartError('BACKUP_INCOMPLETE', `a piece (${hash.toString('hex').slice(0, 16)}…) is in no pack`);
    const stored = await this.stored(place);
    const bytes =
      (place.flags & DEFLATED) === 0
        ? stored
        : await inflate(stored, { maxBytes: place.sizeBytes, chunkSize: place.sizeBytes + 1 });
    if ((place.flags & LIST) === 0 && !sha256(bytes).equals(hash))
      throw new StartError('BACKUP_DAMAGED', `${place.pack} holds other bytes than were put there: take another backup`);
    return bytes;
  }

  /** How long a piece is; 0 for what is not here. */
  sizeOf(hash: Buffer): number {
    return this.#places.get(keyOf(hash))?.sizeBytes ?? 0;
  }

  /** Hashes of the pieces that a list is of; of what is a piece itself its own. */
  async partsOf(hash: Buffer): Promise<Buffer[]> {
    const place = this.#places.get(keyOf(hash));
    if (place === undefined || (place.flags & LIST) === 0) return [hash];
    const bytes = await this.read(hash);
    return Array.from({ length: bytes.length / HASH }, (_, index) => bytes.subarray(index * HASH, (index + 1) * HASH));
  }

  /** Packs are read whole: what stands beside a piece is mostly wanted next. */
  #openPack(name: string): Promise<SealedFile> {
    const known = this.#opened.get(name);
    if (known !== undefined) return known;
    const opening = this.#target.get(name).then((bytes) => new SealedFile(this.#key, name, bytes));
    this.#opened.set(name, opening);
    for (const old of this.#opened.keys()) if (this.#opened.size > OPEN_PACKS) this.#opened.delete(old);
    return opening;
  }
}

/** All index files that count, the younger ones that stand for others instead of these. */
async function readIndexes(target: BackupTarget, key: Buffer): Promise<{ places: Map<string, Place>; indexes: string[] }> {
  const files = await target.list(INDEXES);
  const turns = pLimit(INDEXES_AT_ONCE);
  const read = new Map(
    await Promise.all(
      files.map(({ name }) => turns(async () => [name, decodeIndex(await getDocument(target, key, name))] as const)),
    ),
  );
  const replaced = new Set([...read.values()].flatMap(({ replaces }) => replaces));
  const places = new Map<string, Place>();
  const indexes: string[] = [];
  for (const [name, { packs, entries }] of read) {
    if (replaced.has(name)) continue;
    indexes.push(name);
    for (const entry of entries) {
      const pack = packs[entry.pack];
      const before = places.get(keyOf(entry.hash));
      // Of what is there twice the one that is more counts: an object's, a list's.
      if (pack !== undefined && (before === undefined || entry.flags > before.flags))
        places.set(keyOf(entry.hash), { ...entry, pack });
    }
  }
  return { places, indexes };
}

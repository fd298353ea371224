import { z } from 'zod';
import { StartError } from '../kernel/start-error.ts';
import { type BackupTarget, getDocument, putDocument, type UnlockedRepository } from '../platform/backup/index.ts';

/** SHA-256 in base64, as pieces are named in documents. */
const Hash = z.string().length(44);
const Count = z.number().int().nonnegative();

const KeptFile = z.object({ path: z.string(), mode: z.number().int(), sizeBytes: Count, pieces: z.array(Hash) });
export type KeptFile = z.infer<typeof KeptFile>;

/** A copy of the database's files, which later backups go on from by the log. */
const Base = z.object({
  systemId: z.string(),
  timeline: z.number().int(),
  postgresMajor: z.string(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  firstSegment: Count,
  /** The copy is consistent from the log up to here, exclusive. */
  nextSegment: Count,
  label: z.string(),
  folders: z.array(z.string()),
  files: z.array(KeptFile),
  storedBytes: Count,
});
export type Base = z.infer<typeof Base>;

const Segment = z.object({ number: Count, piece: Hash });
export type Segment = z.infer<typeof Segment>;

const Counts = z.object({ patients: Count, studies: Count, series: Count, instances: Count });

const Database = z.object({
  /** Name of the document of its base. */
  base: z.string(),
  timeline: z.number().int(),
  systemId: z.string(),
  postgresMajor: z.string(),
  transaction: z.string(),
  /** Every segment from the base's first, and from where the backup before ended, to that before `nextSegment`. */
  segments: z.array(Segment),
  nextSegment: Count,
  /** Bytes of segments since the base, as they are kept. */
  logBytes: Count,
});
export type DatabasePart = z.infer<typeof Database>;

/** One whole backup: it is written last, and what has none is none. */
const Manifest = z.object({
  format: z.literal(1),
  id: z.uuid(),
  version: z.string(),
  startedAt: z.iso.datetime(),
  /** Everything that was committed until then is in it. */
  pointAt: z.iso.datetime(),
  database: Database.optional(),
  applied: z.object({
    migrations: z.array(z.object({ name: z.string(), sha256: z.string() })),
    functions: z.array(z.object({ name: z.string(), revision: z.number().int(), sha256: z.string() })),
  }),
  files: z.array(KeptFile),
  /** At that point; `isExact` where nothing could be added while they were counted. */
  counts: Counts.extend({ isExact: z.boolean() }),
  chain: z.object({ sequence: Count, hash: z.string() }).optional(),
  objects: z.object({ count: Count, bytes: Count, copied: Count, copiedBytes: Count }),
  /** Ids of objects that could not be read whole, and of those that were removed while the backup was made. */
  damaged: z.array(z.uuid()),
  gone: z.array(z.uuid()),
  /** Hashes of objects whose rows have none. */
  unhashed: z.record(z.uuid(), Hash),
  /** Objects in the backup that no row named any more. */
  unseen: z.array(Hash),
});
export type Manifest = z.infer<typeof Manifest>;

export const MANIFESTS = 'backups';
export const BASES = 'bases';

/** `backups/20261127t100000000z-…`: in the order of time. */
export const manifestName = ({ pointAt, id }: Pick<Manifest, 'pointAt' | 'id'>): string =>
  `${MANIFESTS}/${pointAt.replace(/[^0-9tz]/gi, '').toLowerCase()}-${id}`;

const UNREADABLE: ReadonlySet<string> = new Set(['BACKUP_DAMAGED', 'BACKUP_INCOMPLETE', 'BACKUP_NEWER']);

export interface NamedManifest extends Manifest {
  readonly name: string;
}

export class Manifests {
  readonly #target: BackupTarget;
  readonly #key: Buffer;

  constructor(target: BackupTarget, { key }: UnlockedRepository) {
    this.#target = target;
    this.#key = key;
  }

  /** All whole backups, the oldest first. Fails where one of them can't be read: who lets go of what is not needed has to know of all. */
  async all(): Promise<NamedManifest[]> {
    const files = await this.#target.list(MANIFESTS);
    const found: NamedManifest[] = [];
    for (const { name } of files) found.push(await this.#manifest(name));
    return found;
  }

  /** Those that can be read, for who restores one, and the names of the others: one that is damaged takes none of the others with it. */
  async readable(): Promise<{ readonly found: NamedManifest[]; readonly damaged: string[] }> {
    const found: NamedManifest[] = [];
    const damaged: string[] = [];
    for (const { name } of await this.#target.list(MANIFESTS)) {
      try {
        found.push(await this.#manifest(name));
      } catch (error) {
        if (!(error instanceof StartError) || !UNREADABLE.has(error.code)) throw error;
        damaged.push(name);
      }
    }
    return { found, damaged };
  }

  async #manifest(name: string): Promise<NamedManifest> {
    const parsed = Manifest.safeParse(await this.#read(name));
    if (parsed.success) return { ...parsed.data, name };
    throw new StartError('BACKUP_NEWER', `${name} was written by another version of Negatoscope: restore it with that one`);
  }

  put(manifest: Manifest): Promise<void> {
    return this.#write(manifestName(manifest), manifest);
  }

  async base(name: string): Promise<Base> {
    return Base.parse(await this.#read(name));
  }

  putBase(name: string, base: Base): Promise<void> {
    return this.#write(name, base);
  }

  async #read(name: string): Promise<unknown> {
    return JSON.parse((await getDocument(this.#target, this.#key, name)).toString('utf8'));
  }

  #write(name: string, content: object): Promise<void> {
    return putDocument(this.#target, this.#key, name, Buffer.from(JSON.stringify(content)));
  }
}

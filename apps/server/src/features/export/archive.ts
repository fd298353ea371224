import type { KeyObject } from 'node:crypto';
import { type Actor, can, scopeOf } from '../../access/index.ts';
import {
  coercedFile,
  type HeavyCoercion,
  type IndexValues,
  opened,
  openStored,
  readIndexValues,
  type SentFile,
} from '../../archive/coercion/index.ts';
import { type ExportedRow, exportedRows, kindsFor } from '../../archive/kind-exports.ts';
import * as repository from '../../archive/records/exported.ts';
import type { RowKinds } from '../../archive/row-kind.ts';
import type { Clock } from '../../kernel/clock.ts';
import { once } from '../../kernel/once.ts';
import type { Db } from '../../platform/db/database.ts';
import type { Scratch } from '../../platform/objects/scratch/index.ts';
import type { GuardedObjects, ObjectReader } from '../../platform/objects/store/index.ts';
import { oneAhead } from '../../platform/sending/one-ahead.ts';
import type { ZipEntry } from '../../platform/zip/zip-writer.ts';
import type { Audit } from '../audit/index.ts';
import { hashedContent, instancePages, openVerified } from './stored-instances.ts';

export interface ExportDeps {
  /** Seals the keys of projects of de-identification. */
  readonly projectKey: KeyObject;
  readonly db: Db;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly objects: GuardedObjects;
  readonly scratch: Pick<Scratch, 'create'>;
  readonly heavy: HeavyCoercion;
  /** What hangs on patients and studies leaves with them, as its kind says. */
  readonly kinds: RowKinds;
}

/** `reader` gives the bytes of stored files. */
type ArchiveDeps = ExportDeps & { readonly reader: ObjectReader };

/** What an export is made of, read before its first byte; instances are read while it is sent. */
export interface Selection {
  readonly patients: readonly repository.ExportedPatient[];
  readonly studies: readonly repository.ExportedStudy[];
}

interface ManifestFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** SHA-256 as received, where the preamble was cleared or values of the index were put in. */
  readonly receivedSha256?: string;
  /** Tags whose current text the file's character set can't hold: it is in the file without accents or with question marks. */
  readonly approximated?: readonly string[];
}

/** What the manifest tells of a file that leaves otherwise than it came. */
interface Told {
  readonly received?: string;
  readonly approximated?: readonly string[] | undefined;
}

/** A file that is ready to be sent, and how to give back what it takes. */
interface OpenedEntry {
  readonly entry: ZipEntry;
  readonly discard: () => Promise<void>;
}

const UID = /^[0-9]+(\.[0-9]+)*$/;
const RECORD_NUMBER = /^[A-Za-z0-9-]+$/;

/** A part of a path. Stored UIDs and record numbers are of this form already; anything else must not become a path. */
function pathPart(form: RegExp, value: string): string {
  if (!form.test(value) || value.length > 64) throw new RangeError('An export has an identifier that is no safe path.');
  return value;
}

/**
 * The entries of one export in the order of the archive: `patients.json`, each patient's and study's JSON and files, and `manifest.json`
 * with the SHA-256 of every file last. A stored object that can't be opened, or not given its current patient, is named in the manifest's `missing` and
 * costs only itself: what is known before the first byte is the selection's to refuse.
 */
export class Archive {
  readonly #deps: ArchiveDeps;
  readonly #actor: Actor;
  /** Files leave as they are stored, not as the index has them. */
  readonly #original: boolean;
  readonly #files: ManifestFile[] = [];
  readonly #missing: string[] = [];

  constructor(deps: ArchiveDeps, actor: Actor, original = false) {
    this.#deps = deps;
    this.#actor = actor;
    this.#original = original;
  }

  async *entries({ patients, studies }: Selection): AsyncGenerator<ZipEntry> {
    yield this.#json(
      'patients.json',
      patients.map(({ json }) => json),
    );
    for (const { json: patient } of patients) {
      const folder = pathPart(RECORD_NUMBER, patient.recordNumber);
      yield this.#json(`${folder}/patient.json`, patient);
      yield* this.#hanging(folder, 'patient', patient.id);
      for (const study of studies) if (study.patient_id === patient.id) yield* this.#study(folder, study.json);
    }
    const createdAt = this.#deps.clock.now().toISOString();
    yield this.#entry(
      'manifest.json',
      Buffer.from(JSON.stringify({ createdAt, algorithm: 'SHA-256', files: this.#files, missing: this.#missing }, null, 1)),
    );
  }

  async *#study(folder: string, study: repository.ExportedStudy['json']): AsyncGenerator<ZipEntry> {
    const { db, audit } = this.#deps;
    await audit.use(this.#actor, { studyId: study.id, patientId: study.patient.id, groupId: study.groupId, kind: 'export' });
    const scope = scopeOf(this.#actor);
    const [series, values] = await db.reading(scope, async (tx) => [
      await repository.findSeries(tx, scope, study.id),
      this.#original ? undefined : await readIndexValues(tx, study.id),
    ]);
    const path = `${folder}/${pathPart(UID, study.studyInstanceUid)}`;
    yield this.#json(`${path}/study.json`, { ...study, series });
    yield* this.#hanging(path, 'study', study.id);
    for (const { id, seriesInstanceUid } of series)
      yield* this.#series(`${path}/${pathPart(UID, seriesInstanceUid)}`, id, values);
  }

  /** Rows of declared kinds as one list each, and their objects, as they were written. */
  async *#hanging(path: string, of: 'patient' | 'study', id: string): AsyncGenerator<ZipEntry> {
    const { db } = this.#deps;
    const kinds = kindsFor(this.#deps.kinds, (permission) => can(this.#actor, permission));
    const found = await db.reading(scopeOf(this.#actor), (tx) => exportedRows(tx, kinds, of, id));
    for (const kind of found) {
      yield this.#json(
        `${path}/${kind.table}.json`,
        kind.rows.map(({ json }) => json),
      );
      for (const { object } of kind.rows) {
        const name = `${path}/${kind.table}/${object?.id}.${kind.extension ?? 'bin'}`;
        const entry = object === undefined ? undefined : await this.#object(name, object);
        if (entry !== undefined) yield entry;
      }
    }
  }

  async #object(name: string, object: NonNullable<ExportedRow['object']>): Promise<ZipEntry | undefined> {
    const received = object.sha256.toString('hex');
    try {
      const reader = await openVerified(this.#deps, object);
      const { bytes, isAsReceived } = await openStored(reader, object);
      const content = isAsReceived ? this.#listed(name, bytes, received) : this.#hashed(name, bytes, { received });
      return { name, sizeBytes: object.sizeBytes, modified: this.#deps.clock.now(), content };
    } catch {
      this.#missing.push(name);
      return undefined;
    }
  }

  async *#series(path: string, id: string, values: IndexValues | undefined): AsyncGenerator<ZipEntry> {
    const open = async (instance: repository.ExportedInstance): Promise<OpenedEntry | undefined> =>
      this.#file(`${path}/${pathPart(UID, instance.sop_instance_uid)}.dcm`, instance, values);
    for await (const page of instancePages(this.#deps.db, scopeOf(this.#actor), id)) {
      for await (const { result } of oneAhead(page, open, { drop: (opened) => void opened?.discard() })) {
        const opened = await result;
        if (opened === undefined) continue;
        try {
          yield opened.entry;
        } finally {
          await opened.discard();
        }
      }
    }
  }

  /** Opens the object before its header is written, so that a missing one leaves no half entry. */
  async #file(
    path: string,
    instance: repository.ExportedInstance,
    values: IndexValues | undefined,
  ): Promise<OpenedEntry | undefined> {
    let coerced: SentFile | undefined;
    try {
      const stored = { id: instance.id, sizeBytes: instance.size_bytes };
      const objects = await openVerified(this.#deps, { ...stored, sha256: instance.file_sha256 });
      coerced = await coercedFile({ objects, scratch: this.#deps.scratch, heavy: this.#deps.heavy }, stored, values);
      const { bytes, isAsReceived } =
        coerced === undefined ? await openStored(objects, stored) : { bytes: await opened(coerced.bytes), isAsReceived: false };
      const received = instance.file_sha256.toString('hex');
      const content = isAsReceived
        ? this.#listed(path, bytes, received)
        : this.#hashed(path, bytes, { received, approximated: coerced?.approximated });
      const entry = { name: path, sizeBytes: coerced?.sizeBytes ?? stored.sizeBytes, modified: instance.received_at, content };
      return { entry, discard: async () => coerced?.discard() };
    } catch {
      await coerced?.discard();
      this.#missing.push(path);
      return undefined;
    }
  }

  /** The hash that was taken when the file came: should the disk have changed it since, whoever checks the archive sees it. */
  async *#listed(path: string, content: AsyncIterable<Uint8Array>, sha256: string): AsyncGenerator<Uint8Array> {
    let sizeBytes = 0;
    for await (const chunk of content) {
      sizeBytes += chunk.byteLength;
      yield chunk;
    }
    this.#files.push({ path, sizeBytes, sha256 });
  }

  #hashed(path: string, content: AsyncIterable<Uint8Array>, told: Told = {}): AsyncGenerator<Uint8Array> {
    const { received, approximated = [] } = told;
    return hashedContent(content, ({ sizeBytes, sha256 }) => {
      this.#files.push({
        path,
        sizeBytes,
        sha256,
        ...(received === undefined || received === sha256 ? {} : { receivedSha256: received }),
        ...(approximated.length === 0 ? {} : { approximated }),
      });
    });
  }

  #entry(name: string, bytes: Buffer): ZipEntry {
    return { name, sizeBytes: bytes.length, modified: this.#deps.clock.now(), content: once(bytes) };
  }

  #json(name: string, value: unknown): ZipEntry {
    const entry = this.#entry(name, Buffer.from(JSON.stringify(value, null, 1)));
    return { ...entry, content: this.#hashed(name, entry.content) };
  }
}

import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip, inflateRawSync } from 'node:zlib';
import { Failure, notFound } from '../../kernel/failure.ts';
import type { Db } from '../../platform/db/database.ts';
import { readSeriesMetadata } from '../../platform/objects/series-metadata.ts';
import type { ObjectStore } from '../../platform/objects/types.ts';
import { type Actor, scopeOf, seesIdentity } from '../access/index.ts';
import type { SeriesHandle, StudyHandle } from './handles.ts';
import { isHeldBack, withoutPixels } from './held-back.ts';
import { Lru } from './lru.ts';
import { type Overlaid, splicedMetadata } from './metadata-splice.ts';
import { pseudonymise } from './pseudonym.ts';
import { dicomJsonText } from './qido-answer.ts';
import { patientElements } from './qido-elements.ts';
import type { DicomJson, DicomJsonElement, QidoRow } from './qido-repository.ts';

const gzipAsync = promisify(gzip);

/** One series' metadata, ready to send: the JSON array and where each instance stands in it. */
export interface SeriesMetadata {
  readonly json: Buffer;
  /** Its gzip, packed when somebody first takes it; undefined below 1 KiB, where it saves nothing. */
  readonly gzip: () => Promise<Buffer> | undefined;
  readonly places: ReadonlyMap<string, { readonly start: number; readonly end: number }>;
}

/** One instance as it is kept: raw deflate of its DICOM JSON. */
interface StoredInstance {
  readonly sopInstanceUid: string;
  readonly sopClassUid: string;
  readonly transferSyntaxUid: string;
  readonly deflated: Buffer;
}

interface StoredJson {
  readonly id: string;
  readonly sop_instance_uid: string;
  readonly sop_class_uid: string;
  readonly transfer_syntax_uid: string;
  /** Null once the series is packed. */
  readonly json: Buffer | null;
  /** Of the series. */
  readonly metadata_object: string | null;
}
type Overlay = Pick<
  QidoRow,
  'record_number' | 'external_id' | 'family_name' | 'given_name' | 'person_name' | 'birth_date' | 'sex'
> & {
  readonly revision: string;
  readonly description: string | null;
};

/** Who looks, and what the index says today of the patient and the study. */
export interface MetadataView {
  readonly overlay: Overlay;
  readonly identity: boolean;
}

const DESCRIPTION = '00081030';
const [OPENING, COMMA, CLOSING] = [Buffer.from('['), Buffer.from(','), Buffer.from(']')];
/** About what an entry of `places` takes in memory. */
const PLACE_BYTES = 200;
/** The array, and its gzip once it is there: a sixth is generous. */
const WITH_GZIP = 7 / 6;
const MIN_GZIP_BYTES = 1024;
const CACHE_BYTES = 64 * 1024 * 1024;
const CHUNK = 32;
/** A dataset's text is a few thousand bytes: zlib's own 16 KiB of memory each cost more than the inflating. */
const INFLATE = { chunkSize: 8 * 1024 };

const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function packedOnce(json: Buffer): () => Promise<Buffer> | undefined {
  let packed: Promise<Buffer> | undefined;
  return () => {
    if (json.length < MIN_GZIP_BYTES) return undefined;
    packed ??= gzipAsync(json, { level: 4 });
    return packed;
  };
}

/** `bulk:<offset>:<length>[:be<n>][:inflated]` as ingest keeps it → the address under which the bytes are served. */
function resolveBulk(uri: string, base: string): string {
  if (!uri.startsWith('bulk:')) return uri;
  const place = uri.slice(5);
  // Pixel data of undefined length has no end to name: its first frame stands for it.
  return /^\d+:(:|$)/.test(place) ? `${base}/frames/1` : `${base}/bulkdata/${place.replaceAll(':', '-')}`;
}

/** The dataset with its bulk data under the address of its instance. */
export function withAddresses(json: DicomJson, base: string): DicomJson {
  const resolved: Record<string, DicomJsonElement> = {};
  for (const [tag, element] of Object.entries(json)) {
    if (element.BulkDataURI !== undefined) resolved[tag] = { ...element, BulkDataURI: resolveBulk(element.BulkDataURI, base) };
    else if (element.vr === 'SQ' && element.Value !== undefined)
      resolved[tag] = { vr: 'SQ', Value: element.Value.map((item) => withAddresses(item as DicomJson, base)) };
    else resolved[tag] = element;
  }
  return resolved;
}

export interface MetadataPorts {
  readonly db: Db;
  readonly objects: ObjectStore;
}

/** Reads, overlays and caches the metadata of series (PS3.18 10.4.1.1.2). */
export function createMetadata({ db, objects }: MetadataPorts) {
  const cache = new Lru<SeriesMetadata>(CACHE_BYTES);
  const building = new Map<string, Promise<SeriesMetadata>>();

  const readOverlay = (actor: Actor, study: StudyHandle): Promise<Overlay | undefined> =>
    db.withScope(scopeOf(actor), (tx) =>
      tx.first<Overlay>(
        `SELECT p.record_number, p.external_id, p.family_name, p.given_name, p.person_name, p.birth_date, p.sex, t.description,
           p.id::text || extract(epoch FROM p.updated_at)::text || extract(epoch FROM t.updated_at)::text AS revision
         FROM studies t JOIN patients p ON p.id = t.patient_id WHERE t.id = $1`,
        [study.studyId],
        'dicomweb-overlay',
      ),
    );

  /**
   * Compressed DICOM JSON of each instance in the order of the series: rows decide what exists, packed objects only hold it. One statement, so
   * that packing can't move them in between; the object that it names outlives its replacement by more than a read.
   */
  async function readStored(series: SeriesHandle): Promise<StoredInstance[]> {
    const rows = await db.withSystem((tx) =>
      tx.rows<StoredJson>(
        `SELECT i.id, i.sop_instance_uid, i.sop_class_uid, i.transfer_syntax_uid, m.json, s.metadata_object
         FROM instances i JOIN series s ON s.id = i.series_id LEFT JOIN instance_metadata m ON m.instance_id = i.id
         WHERE i.series_id = $1 ORDER BY i.instance_number NULLS LAST, i.id`,
        [series.seriesId],
        'dicomweb-metadata',
      ),
    );
    const packedObject = rows[0]?.metadata_object ?? null;
    const packed = packedObject === null ? [] : await readSeriesMetadata(objects, packedObject);
    const jsonOf = new Map(packed.map((instance) => [instance.instanceId, instance.json]));
    return rows.map((row) => {
      const json = row.json ?? jsonOf.get(row.id);
      if (json === undefined) throw new Failure('UNAVAILABLE', { detail: 'The metadata of an instance is missing.' });
      const { sop_instance_uid: sopInstanceUid, sop_class_uid: sopClassUid, transfer_syntax_uid: transferSyntaxUid } = row;
      return { sopInstanceUid, sopClassUid, transferSyntaxUid, deflated: json };
    });
  }

  async function build(series: SeriesHandle, view: MetadataView, base: string): Promise<SeriesMetadata> {
    const parts: Buffer[] = [];
    const places = new Map<string, { start: number; end: number }>();
    let at = 1;
    const dress = dresser(view);
    for (const [index, stored] of (await readStored(series)).entries()) {
      if (index % CHUNK === CHUNK - 1) await breathe();
      const address = `${base}/studies/${series.studyInstanceUid}/series/${series.seriesInstanceUid}/instances/${stored.sopInstanceUid}`;
      parts.push(index === 0 ? OPENING : COMMA);
      let length = 0;
      for (const piece of dress(inflateRawSync(stored.deflated, INFLATE), address, stored)) {
        parts.push(piece);
        length += piece.length;
      }
      places.set(stored.sopInstanceUid, { start: at, end: at + length });
      at += length + 1;
    }
    const json = parts.length === 0 ? Buffer.from('[]') : Buffer.concat([...parts, CLOSING]);
    return { json, places, gzip: packedOnce(json) };
  }

  const keyOf = (series: SeriesHandle, view: MetadataView): string =>
    `${series.seriesId}-${series.version}-${view.overlay.revision}${view.identity ? '' : '-p'}`;

  return {
    /** What this actor may see of a study, read once for all its series. Fails with NOT_FOUND when it has just gone. */
    view: async (actor: Actor, study: StudyHandle): Promise<MetadataView> => {
      const overlay = await readOverlay(actor, study);
      if (overlay === undefined) throw notFound();
      return { overlay, identity: seesIdentity(actor) };
    },
    /** Validator of a series' metadata, known without building it. */
    etag: (series: SeriesHandle, view: MetadataView): string =>
      `"${createHash('sha256').update(keyOf(series, view)).digest('base64url').slice(0, 22)}"`,
    /** Metadata of every instance of a series, with patient and study attributes of the index laid over. */
    series: async (series: SeriesHandle, view: MetadataView, base: string): Promise<SeriesMetadata> => {
      const key = `${keyOf(series, view)} ${base}`;
      const known = cache.get(key);
      if (known !== undefined) return known;
      const pending = building.get(key) ?? build(series, view, base).finally(() => building.delete(key));
      building.set(key, pending);
      const metadata = await pending;
      cache.set(key, metadata, metadata.json.length * WITH_GZIP + metadata.places.size * PLACE_BYTES);
      return metadata;
    },
  };
}

/** The study description as someone may have edited it; undefined where the index agrees with what is stored or knows none. */
function described(stored: DicomJsonElement | undefined, { description }: Overlay): DicomJsonElement | undefined {
  return description === null || stored?.Value?.[0] === description ? undefined : { vr: 'LO', Value: [description] };
}

const pseudonymised = (json: DicomJson, stored: StoredInstance): DicomJson =>
  isHeldBack(json, stored) ? withoutPixels(pseudonymise(json)) : pseudonymise(json);

/** Makes the text of one instance for this view: spliced from the stored text where that is possible, by parsing it otherwise. */
function dresser({ overlay, identity }: MetadataView): (json: Buffer, address: string, stored: StoredInstance) => Buffer[] {
  const patient = patientElements(overlay, identity);
  const overlays: readonly Overlaid[] = [
    {
      tag: DESCRIPTION,
      text: (stored) => elementText(described(stored === undefined ? undefined : JSON.parse(stored), overlay)),
    },
    ...Object.entries(patient).map(([tag, element]) => ({ tag, text: () => JSON.stringify(element) })),
  ];
  const parsed = (bytes: Buffer, address: string, stored: StoredInstance): Buffer[] => {
    const json: DicomJson = JSON.parse(bytes.toString('utf8')); // Written by ingest.
    const description = identity ? described(json[DESCRIPTION], overlay) : undefined;
    const shown = { ...withAddresses(identity ? json : pseudonymised(json, stored), address), ...patient };
    return [Buffer.from(dicomJsonText(description === undefined ? shown : { ...shown, [DESCRIPTION]: description }))];
  };
  return (json, address, stored) =>
    (identity ? splicedMetadata(json, overlays, (uri) => resolveBulk(uri, address)) : undefined) ?? parsed(json, address, stored);
}

const elementText = (element: DicomJsonElement | undefined): string | undefined =>
  element === undefined ? undefined : JSON.stringify(element);

import { promisify } from 'node:util';
import { gzip, inflateRawSync } from 'node:zlib';
import { Failure } from '../../kernel/failure.ts';
import type { Db } from '../../platform/db/database.ts';
import { readSeriesMetadata } from '../../platform/objects/series-metadata.ts';
import type { ObjectStore } from '../../platform/objects/types.ts';
import { type Actor, scopeOf, seesIdentity } from '../access/index.ts';
import type { SeriesHandle } from './handles.ts';
import { Lru } from './lru.ts';
import { pseudonymise } from './pseudonym.ts';
import { inTagOrder, patientElements } from './qido-answer.ts';
import type { DicomJson, DicomJsonElement, QidoRow } from './qido-repository.ts';

const gzipAsync = promisify(gzip);

/** One series' metadata, ready to send: the JSON array and, from 1 KiB on, its gzip. */
export interface SeriesMetadata {
  readonly etag: string;
  readonly json: Buffer;
  readonly gzip: Buffer | undefined;
}

interface StoredJson {
  readonly id: string;
  readonly sop_instance_uid: string;
  /** Null once the series is packed. */
  readonly json: Buffer | null;
}
type Overlay = Pick<
  QidoRow,
  'record_number' | 'external_id' | 'family_name' | 'given_name' | 'person_name' | 'birth_date' | 'sex'
> & {
  readonly revision: string;
  readonly description: string | null;
};

const CACHE_BYTES = 64 * 1024 * 1024;
const CHUNK = 32;

const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** `bulk:<offset>:<length>[:be<n>][:inflated]` as ingest keeps it → the address under which the bytes are served. */
function resolveBulk(uri: string, base: string): string {
  if (!uri.startsWith('bulk:')) return uri;
  const place = uri.slice(5);
  // Pixel data of undefined length has no end to name: its first frame stands for it.
  return /^\d+:(:|$)/.test(place) ? `${base}/frames/1` : `${base}/bulkdata/${place.replaceAll(':', '-')}`;
}

function withAddresses(json: DicomJson, base: string): DicomJson {
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

  const readOverlay = (actor: Actor, series: SeriesHandle): Promise<Overlay | undefined> =>
    db.withScope(scopeOf(actor), (tx) =>
      tx.first<Overlay>(
        `SELECT p.record_number, p.external_id, p.family_name, p.given_name, p.person_name, p.birth_date, p.sex, t.description,
           p.id::text || extract(epoch FROM p.updated_at)::text || extract(epoch FROM t.updated_at)::text AS revision
         FROM studies t JOIN patients p ON p.id = t.patient_id WHERE t.id = $1`,
        [series.studyId],
        'dicomweb-overlay',
      ),
    );

  /** Packing moves metadata from rows to an object between two statements now and then: reading again finds it. */
  async function readAgain(series: SeriesHandle): Promise<{ sopInstanceUid: string; json: DicomJson }[]> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await readStored(series);
      } catch (error) {
        if (!(error instanceof Failure) || attempt === 3) throw error;
        await breathe();
      }
    }
  }

  /** DICOM JSON of each instance in the order of the series: rows decide what exists, packed objects only hold it. */
  async function readStored(series: SeriesHandle): Promise<{ sopInstanceUid: string; json: DicomJson }[]> {
    const { packedIn, rows } = await db.withSystem(async (tx) => ({
      packedIn: await tx.first<{ metadata_object: string | null }>(
        'SELECT metadata_object FROM series WHERE id = $1',
        [series.seriesId],
        'dicomweb-packed',
      ),
      rows: await tx.rows<StoredJson>(
        `SELECT i.id, i.sop_instance_uid, m.json FROM instances i LEFT JOIN instance_metadata m ON m.instance_id = i.id
         WHERE i.series_id = $1 ORDER BY i.instance_number NULLS LAST, i.id`,
        [series.seriesId],
        'dicomweb-metadata',
      ),
    }));
    const packedObject = packedIn?.metadata_object ?? null;
    const packed = packedObject === null ? [] : await readSeriesMetadata(objects, packedObject);
    const jsonOf = new Map(packed.map((instance) => [instance.instanceId, instance.json]));
    const result: { sopInstanceUid: string; json: DicomJson }[] = [];
    for (const [index, row] of rows.entries()) {
      if (index % CHUNK === CHUNK - 1) await breathe();
      const json = row.json ?? jsonOf.get(row.id);
      if (json === undefined) throw new Failure('UNAVAILABLE', { detail: 'The metadata of an instance is missing.' });
      result.push({ sopInstanceUid: row.sop_instance_uid, json: JSON.parse(inflateRawSync(json).toString('utf8')) as DicomJson });
    }
    return result;
  }

  async function build(
    series: SeriesHandle,
    overlay: Overlay,
    identity: boolean,
    base: string,
    etag: string,
  ): Promise<SeriesMetadata> {
    const parts: string[] = [];
    for (const [index, stored] of (await readAgain(series)).entries()) {
      if (index % CHUNK === CHUNK - 1) await breathe();
      const address = `${base}/studies/${series.studyInstanceUid}/series/${series.seriesInstanceUid}/instances/${stored.sopInstanceUid}`;
      parts.push(
        JSON.stringify(
          inTagOrder({
            ...withAddresses(identity ? stored.json : pseudonymise(stored.json), address),
            ...patientElements(overlay, identity),
            ...described(stored.json, overlay, identity),
          }),
        ),
      );
    }
    const json = Buffer.from(`[${parts.join(',')}]`);
    return { etag, json, gzip: json.length < 1024 ? undefined : await gzipAsync(json, { level: 4 }) };
  }

  return {
    /** Metadata of every instance of a series as this actor may see it, with patient and study attributes of the index laid over. */
    series: async (actor: Actor, series: SeriesHandle, base: string): Promise<SeriesMetadata> => {
      const identity = seesIdentity(actor);
      const overlay = await readOverlay(actor, series);
      if (overlay === undefined) return { etag: '"gone"', json: Buffer.from('[]'), gzip: undefined };
      const key = `${series.seriesId}:${series.version}:${overlay.revision}:${identity}:${base}`;
      const known = cache.get(key);
      if (known !== undefined) return known;
      const etag = `"${series.seriesId}-${series.version}-${overlay.revision.slice(36)}${identity ? '' : '-p'}"`;
      const pending = building.get(key) ?? build(series, overlay, identity, base, etag).finally(() => building.delete(key));
      building.set(key, pending);
      const metadata = await pending;
      cache.set(key, metadata, metadata.json.length + (metadata.gzip?.length ?? 0));
      return metadata;
    },
  };
}

/** The study description as someone may have edited it; left as stored when the index agrees or knows none. */
function described(json: DicomJson, overlay: Overlay, identity: boolean): DicomJson {
  if (!identity || overlay.description === null || json['00081030']?.Value?.[0] === overlay.description) return {};
  return { '00081030': { vr: 'LO', Value: [overlay.description] } };
}

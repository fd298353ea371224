import type { Actor } from '../../access/index.ts';
import type { ArchiveReader } from '../../archive/doors.ts';
import { createHandles, type Handles, type SeriesHandle } from '../../archive/pixels/handles.ts';
import { createSeriesTables, type InstanceEntry } from '../../archive/pixels/series-table.ts';
import type { QidoLevel } from '../../archive/search/attributes.ts';
import { CodecPool } from '../../platform/codecs/pool.ts';
import type { Scratch } from '../../platform/objects/scratch/index.ts';
import type { GuardedObjects } from '../../platform/objects/store/index.ts';
import { PieceMemory } from '../../platform/sending/piece-memory.ts';
import type { Changes } from '../../platform/shared-state/index.ts';
import type { Audit } from '../audit/index.ts';
import type { HeavyWork } from './heavy.ts';
import { createHeldBack, type HeldBack } from './held-back.ts';
import { createLocator } from './locate.ts';
import { createMetadata } from './metadata.ts';
import type { IngestFiles } from './ports.ts';
import type { QidoQuery } from './qido-query.ts';
import { createSeriesMappings, type SeriesMappings } from './series-mappings.ts';

/** Memory that waits for the next download. */
const IDLE_PIECE_BYTES = 8 * 1024 * 1024;

export interface DicomwebPorts {
  readonly db: ArchiveReader;
  readonly changes: Changes;
  readonly objects: GuardedObjects;
  /** Where waits what is made before it is sent. */
  readonly scratch: Scratch;
  readonly audit: Audit;
  readonly ingest: IngestFiles;
  /** Threads for datasets of many elements. */
  readonly heavy: HeavyWork;
  /** Address without a trailing slash, as users type it: it stands in every RetrieveURL. */
  readonly publicUrl: string;
}

/** What the routes are made of; caches are per process and dropped by changes. */
export interface Dicomweb extends DicomwebPorts {
  readonly handles: Handles;
  readonly tables: ReturnType<typeof createSeriesTables>;
  readonly metadata: ReturnType<typeof createMetadata>;
  readonly locator: ReturnType<typeof createLocator>;
  readonly heldBack: HeldBack;
  /** Threads that decode frames; none runs before the first one is asked for. */
  readonly codecs: CodecPool;
  readonly mappings: SeriesMappings;
  /** Of files on their way. */
  readonly pieces: PieceMemory;
  /** One durable audit event for each kind of use, study and session, and the study's first opening. */
  use(actor: Actor, series: SeriesHandle, kind: string): Promise<void>;
  auditSearch(actor: Actor, level: QidoLevel, query: QidoQuery, results: number): Promise<void>;
  entriesOf(list: readonly SeriesHandle[], sopInstanceUid: string | undefined): AsyncGenerator<InstanceEntry>;
  /** Hears of changes until the returned function is called. */
  listen(): () => Promise<void>;
}

/** Payloads of the ingest and patients features; anything else forgets everything, which is always right. */
function seriesIdOf(payload: string): string | undefined {
  try {
    const value: unknown = JSON.parse(payload);
    if (typeof value === 'object' && value !== null && 'seriesId' in value && typeof value.seriesId === 'string')
      return value.seriesId;
  } catch {
    return undefined;
  }
  return undefined;
}

export function createDicomweb(ports: DicomwebPorts): Dicomweb {
  const { db, changes, audit, objects, heavy } = ports;
  const handles = createHandles(db, changes);
  const tables = createSeriesTables(db);
  const codecs = new CodecPool();
  const locator = createLocator(objects, heavy);

  return {
    ...ports,
    handles,
    tables,
    metadata: createMetadata({ db, objects, heavy }),
    locator,
    heldBack: createHeldBack(locator),
    codecs,
    heavy,
    mappings: createSeriesMappings({ objects, locator, codecs, tables }),
    pieces: new PieceMemory(IDLE_PIECE_BYTES),
    use: (actor, series, kind) =>
      audit.use(actor, { studyId: series.studyId, patientId: series.patientId, groupId: series.groupId, kind }),
    auditSearch: (actor, level, query, results) =>
      audit.noteLightly({
        action: `search.${level}`,
        actor,
        details: {
          keys: [
            ...query.matches.map((match) => match.attribute.keyword),
            ...query.stored.map(({ path }) => path.join('.')),
            ...(query.patient === undefined ? [] : ['samePatientAs']),
          ],
          results,
        },
      }),
    entriesOf: async function* (list, sopInstanceUid) {
      for (const series of list) {
        const table = await tables.load(series);
        for (const entry of table.instances)
          if (sopInstanceUid === undefined || entry.sopInstanceUid === sopInstanceUid) yield entry;
      }
    },
    listen: () => {
      const forgetAll = (): void => handles.forgetAll();
      const forget = (payload: string): void => {
        const seriesId = seriesIdOf(payload);
        if (seriesId === undefined) handles.forgetAll();
        else handles.forgetSeries(seriesId);
      };
      const ends = [
        changes.subscribe('negatoscope_series', { onPayload: forget, onReset: forgetAll }),
        changes.subscribe('negatoscope_index', { onPayload: forgetAll, onReset: forgetAll }),
      ];
      return async () => {
        for (const end of ends) end();
        await codecs.close();
        await heavy.close();
      };
    },
  };
}

import type { Actor } from '../../access/index.ts';
import type { ArchiveReader } from '../../archive/doors.ts';
import type { InstanceEntry, Pixels, SeriesHandle } from '../../archive/pixels/index.ts';
import type { QidoLevel } from '../../archive/search/attributes.ts';
import type { Scratch } from '../../platform/objects/scratch/index.ts';
import type { GuardedObjects } from '../../platform/objects/store/index.ts';
import { PieceMemory } from '../../platform/sending/piece-memory.ts';
import type { Audit } from '../audit/index.ts';
import type { HeavyWork } from './heavy.ts';
import { createMetadata, type Metadata } from './metadata/series-metadata.ts';
import type { IngestFiles } from './ports.ts';
import type { QidoQuery } from './qido/query.ts';

/** Memory that waits for the next download. */
export const IDLE_PIECE_BYTES = 8 * 1024 * 1024;

export interface DicomwebPorts {
  readonly db: ArchiveReader;
  /** Ended with the routes. */
  readonly pixels: Pixels;
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

/** What the routes are made of: the archive's pixels, and what only DICOMweb does with them. */
export interface Dicomweb extends DicomwebPorts, Pixels {
  readonly objects: GuardedObjects;
  readonly metadata: Metadata;
  /** Of files on their way. */
  readonly pieces: PieceMemory;
  /** One durable audit event for each kind of use, study and session, and the study's first opening. */
  use(actor: Actor, series: SeriesHandle, kind: string): Promise<void>;
  /** `shown`: of each row that is answered, whose it is. */
  auditSearch(actor: Actor, level: QidoLevel, query: QidoQuery, shown: readonly string[]): Promise<void>;
  entriesOf(list: readonly SeriesHandle[], sopInstanceUid: string | undefined): AsyncGenerator<InstanceEntry>;
}

/** What making a file that leaves needs. */
export type FileWork = Pick<Dicomweb, 'objects' | 'scratch' | 'heavy' | 'pieces' | 'locator' | 'codecs'>;

export function createDicomweb(ports: DicomwebPorts): Dicomweb {
  const { db, pixels, audit, objects, heavy } = ports;
  return {
    ...ports,
    ...pixels,
    metadata: createMetadata({ db, objects, heavy }),
    pieces: new PieceMemory(IDLE_PIECE_BYTES),
    use: (actor, series, kind) =>
      audit.use(actor, { studyId: series.studyId, patientId: series.patientId, groupId: series.groupId, kind }),
    auditSearch: (actor, level, query, shown) =>
      audit.noteLightly({
        action: `search.${level}`,
        ...{ actor, shown },
        details: {
          keys: [
            ...query.matches.map((match) => match.attribute.keyword),
            ...query.stored.map(({ path }) => path.join('.')),
            ...(query.patient === undefined ? [] : ['samePatientAs']),
          ],
          results: shown.length,
        },
      }),
    entriesOf: async function* (list, sopInstanceUid) {
      for (const series of list) {
        const table = await pixels.tables.load(series);
        for (const entry of table.instances)
          if (sopInstanceUid === undefined || entry.sopInstanceUid === sopInstanceUid) yield entry;
      }
    },
    close: async () => {
      await pixels.close();
      await heavy.close();
    },
  };
}

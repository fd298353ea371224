import type { Person, Service } from '../../../access/index.ts';
import type { ArchiveWriter } from '../../../archive/doors.ts';
import type { Pixels } from '../../../archive/pixels/index.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { ObjectStore } from '../../../platform/objects/store/index.ts';
import type { Audit } from '../../audit/index.ts';

/** What became of an instance that was made. */
interface Stored {
  readonly outcome: string;
  readonly reason?: string | null | undefined;
}
/** The way of the server's own instances into the archive: see `storeMade` of ingest. */
export type StoreMade = (made: {
  readonly by: Service;
  readonly onBehalfOf: Person;
  readonly studyId: string;
  readonly instances: readonly Uint8Array[];
}) => Promise<readonly Stored[]>;

export interface DocumentDeps {
  readonly db: ArchiveWriter;
  readonly objects: ObjectStore;
  /** The stored pixels, for what is measured of them. */
  readonly pixels: Pick<Pixels, 'objects' | 'locator' | 'codecs' | 'handles' | 'tables' | 'heldBack'>;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly storeMade: StoreMade;
}

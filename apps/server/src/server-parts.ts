import type { RowKinds } from './archive/row-kind.ts';
import type { JournalSettings } from './compose-journal.ts';
import type { BackupSettings } from './config/backup-settings.ts';
import type { OrthancSettings } from './config/orthanc-settings.ts';
import type { SealingKeys } from './config/secrets.ts';
import type { Settings } from './config/settings.ts';
import type { Audit } from './features/audit/index.ts';
import type { Identity } from './features/identity/index.ts';
import type { Ingest } from './features/ingest/index.ts';
import type { Clock } from './kernel/clock.ts';
import type { Db } from './platform/db/database.ts';
import type { Scratch } from './platform/objects/scratch/index.ts';
import type { GuardedObjects } from './platform/objects/store/index.ts';
import type { Queue } from './platform/queue/queue.ts';
import type { SharedState } from './platform/shared-state/index.ts';

/** Upon which the one pipeline of ingest stands. */
export interface SharedParts {
  readonly db: Db;
  readonly state: SharedState;
  readonly objects: GuardedObjects;
  readonly scratch: Scratch;
  /** Where films wait that somebody sent to a model, for a day. */
  readonly uploads: Scratch;
  /** Where exports without identity wait for a download, for a week. */
  readonly exports: Scratch;
  readonly audit: Audit;
  readonly identity: Identity;
  readonly queue: Queue;
  readonly clock: Clock;
  readonly kinds: RowKinds;
}

/** What every process of the server is made of. */
export interface ServerParts extends SharedParts, SealingKeys {
  readonly ingest: Ingest;
  readonly auditKey: Buffer;
  readonly anchorFolder: string;
  readonly modelsFolder: string;
  readonly scrubDays: number;
  /** Where DICOM nodes reach this server, and what it is called. */
  readonly dicom: Settings['dicom'];
  readonly orthanc: OrthancSettings | undefined;
  readonly journal: JournalSettings;
  readonly backup: BackupSettings & Pick<Settings, 'dataDir' | 'databaseUrl'>;
  close(): Promise<void>;
}

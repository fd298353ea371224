import type { ReplicationFigures } from './replication.ts';

export interface JobFigures {
  readonly name: string;
  readonly runs: number;
  readonly failures: number;
  readonly totalMs: number;
  readonly waiting: number;
  readonly running: number;
}

export interface BackupFigures {
  /** Since the moment that the newest one that can be restored is of. */
  readonly ageSeconds: number | undefined;
  /** What all backups of its target take; unknown of one that an earlier version made. */
  readonly keptBytes: number | undefined;
  /** What of it was new. */
  readonly copiedBytes: number | undefined;
  /** Of the newest run that is over. */
  readonly lastOutcome: BackupOutcome | undefined;
  readonly isLate: boolean;
}

export const BACKUP_OUTCOMES = ['DONE', 'DAMAGE', 'FAILED', 'CUT'] as const;
export type BackupOutcome = (typeof BACKUP_OUTCOMES)[number];

/** Seconds are those that have passed; undefined where there is none. */
export interface Figures {
  readonly jobs: readonly JobFigures[];
  readonly audit: {
    readonly pending: number;
    readonly lagSeconds: number;
    /** Whether the chain of events held when it was last checked; undefined before that. */
    readonly holds: boolean | undefined;
    readonly checkedSeconds: number | undefined;
  };
  readonly damagedObjects: number;
  readonly backup: BackupFigures;
  readonly replication: ReplicationFigures;
  readonly orthanc:
    | {
        readonly unreachedSeconds: number | undefined;
        readonly failingSeconds: number;
        readonly waiting: number;
        readonly unsent: number;
      }
    | undefined;
}

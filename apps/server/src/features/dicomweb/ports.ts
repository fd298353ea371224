import type { Person } from '../../access/index.ts';

/** One received part, read once from start to end. */
export interface IncomingFile {
  readonly name: string;
  readonly stream: AsyncIterable<Uint8Array>;
}

export interface StoredFile {
  readonly outcome: 'stored' | 'duplicate' | 'conflict' | 'rejected' | 'ignored';
  readonly reason?: string;
  readonly studyInstanceUid?: string;
  readonly seriesInstanceUid?: string;
  readonly sopInstanceUid?: string;
  readonly sopClassUid?: string;
  /** Something was added or changed so that it could be stored. */
  readonly isCoerced?: true;
}

/** The one ingest pipeline, joined in compose.ts. Results come in the order of the files. */
export type IngestFiles = (
  actor: Person,
  target: { groupId?: string | null; studyInstanceUid?: string },
  files: AsyncIterable<IncomingFile>,
) => Promise<StoredFile[]>;

import type { FileOutcome, FileReason, OnMismatch } from '@negatoscope/contract';
import type { Person, Service } from '../../access/index.ts';
import type { IndexableInstance, InstanceSummary } from '../../archive/write/received.ts';
import type { StagedObject } from '../../platform/objects/staging/index.ts';

export type Entrance = 'UPLOAD' | 'STOW' | 'DIMSE' | 'ORTHANC' | 'DEMO' | 'MADE';

/** Where files go. */
export interface ImportTarget {
  readonly entrance: Entrance;
  /** Only administrators may name another group than their own; null is no group. */
  readonly groupId?: string | null;
  /** Every file belongs to this patient, in whose group it is stored. */
  readonly patientId?: string;
  /** With `patientId`: what becomes of files that carry another identity. */
  readonly onMismatch?: OnMismatch;
  /** With `patientId`: they are attached all the same, which a permission and a reason allow. */
  readonly acceptMismatch?: boolean;
  readonly mismatchReason?: string;
  /** An import that was opened before; without it one is made. */
  readonly importId?: string;
}

/** A target whose group has been decided. */
export interface ResolvedTarget {
  readonly entrance: Entrance;
  readonly importId: string;
  /** Whether the row of the import exists already. */
  readonly isOpen: boolean;
  /** Its files come from archives that a job reads: how far it came is counted with them. */
  readonly isSpooled?: true;
  readonly groupId: string | null;
  readonly patientId: string | null;
  /** Everything goes into this study, as it stands there and is this patient's, or nowhere. */
  readonly onlyStudyId?: string;
  readonly onMismatch: OnMismatch;
  readonly acceptMismatch: boolean;
  readonly mismatchReason: string | null;
}

export interface IngestLimits {
  /** Bytes of one request, and of what a ZIP in it may spool. */
  readonly maxUploadBytes: number;
  readonly maxFileBytes: number;
  /** Bytes that a deflated dataset may inflate to. */
  readonly maxInflatedBytes: number;
  readonly maxZipEntries: number;
  /** Bytes that the entries of one ZIP may expand to. */
  readonly maxExpandedBytes: number;
  /** Parts of one multipart body. */
  readonly maxParts: number;
}

/** One file on its way in. The stream is read once, to its end or until it fails. */
export interface IncomingFile {
  /** As the client calls it, a relative path; shown in the report, used for nothing else. */
  readonly name: string;
  readonly stream: AsyncIterable<Uint8Array>;
}

export interface FileResult {
  readonly name: string;
  readonly outcome: FileOutcome;
  readonly reason?: FileReason;
  readonly sizeBytes: number;
  /** Lower-case hex of the bytes as sent; absent when they did not all arrive. */
  readonly sha256?: string;
  readonly studyInstanceUid?: string;
  readonly seriesInstanceUid?: string;
  readonly sopInstanceUid?: string;
  readonly sopClassUid?: string;
  readonly patientId?: string;
  /** The stored instance: the new one, or the one that this file is a duplicate of. */
  readonly instanceId?: string;
}

export interface AnnouncedInstance {
  readonly sopInstanceUid: string;
  /** Referenced File ID with `/` between its components. */
  readonly fileId: string;
}

/** What a file calls itself: who sends one that is not taken is told which it was (PS3.18 Table 10.5.3-2). */
export interface NamedInstance {
  readonly sopClassUid?: string;
  readonly sopInstanceUid?: string;
}

/** What reading a file's header gives. */
export type HeaderDigest =
  | {
      readonly kind: 'instance';
      readonly datasetOffset: number;
      readonly summary: InstanceSummary;
      /** Raw deflate of the DICOM JSON. */
      readonly json: Uint8Array;
      /** `encodeFrameTable`; null without frames, when they can't be located, or when it is too large for a row. */
      readonly frameTable: Uint8Array | null;
    }
  | { readonly kind: 'dicomdir'; readonly announced: readonly AnnouncedInstance[]; readonly named: NamedInstance }
  /** `code` of a DicomError or Rejection. */
  | { readonly kind: 'refused'; readonly code: string; readonly named: NamedInstance };

/** An instance that was received, hashed and read, and waits for its batch. */
export interface StagedInstance extends IndexableInstance {
  readonly kind: 'instance';
  readonly name: string;
  readonly draft: StagedObject;
}

/** A file whose outcome is known without the index. */
export interface StagedVerdict {
  readonly kind: 'verdict';
  readonly result: FileResult;
  readonly announced: readonly AnnouncedInstance[];
}

export type Staged = StagedInstance | StagedVerdict;

/** Whoever imports: a person, or a service of the server itself, which the journal names. */
export type Importer = Person | Service;

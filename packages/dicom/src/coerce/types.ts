import type { ByteSpace, DicomJsonObject } from '../types.ts';

/** A run of the coerced file: new bytes, or stored ones; `length` is undefined for everything up to the end of the space. */
export type CoercedPiece = { readonly bytes: Uint8Array } | { readonly offset: number; readonly length: number | undefined };

export interface CoerceOptions {
  /**
   * Says which top-level attributes must differ from what is stored, by tag: text of VR PN, LO, SH, CS or DA; one without a value is written
   * empty. It is given the stored header as DICOM JSON.
   */
  readonly replacements: (stored: DicomJsonObject) => DicomJsonObject;
  /** Attribute Modification DateTime (0400,0562), VR DT. */
  readonly modifiedAt: string;
  /** Modifying System (0400,0563). */
  readonly modifyingSystem: string;
  /** (0002,0012) and (0002,0013) of a file that gets its file meta information here. */
  readonly implementation: { readonly classUid: string; readonly version: string };
}

export interface CoercedFile {
  /** Tags that were replaced. */
  readonly changed: readonly string[];
  /** Stored without preamble or file meta information: what leaves is a file of PS3.10 all the same (7.1). Nothing changed and complete: it goes as it is stored. */
  readonly isCompleted: boolean;
  /** Tags whose value the file's character set can't hold, written without accents or with question marks. */
  readonly approximated: readonly string[];
  /** `inflated`: pieces are of the inflated dataset, which the caller deflates again behind `head`. */
  readonly space: ByteSpace;
  /** First byte of the stored dataset in the file. */
  readonly datasetOffset: number;
  /** Runs of the file before the pieces: all up to a deflated dataset, else none. */
  readonly head: readonly CoercedPiece[];
  readonly pieces: readonly CoercedPiece[];
}

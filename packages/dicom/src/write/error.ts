/**
 * `VALUE`: a value that its VR can't hold; `VR`: no such VR, or values where bytes belong; `BULK_MISSING`: bulk data that did not come along;
 * `BULK_PARTS`: several parts for a value that is one.
 */
export type DatasetWriteCode = 'VALUE' | 'VR' | 'TAG' | 'TOO_LONG' | 'TOO_DEEP' | 'BULK_MISSING' | 'BULK_PARTS';

/** A dataset that can't be written; carries no values. */
export class DatasetWriteError extends Error {
  readonly code: DatasetWriteCode;

  constructor(code: DatasetWriteCode) {
    super(`A dataset can't be written: ${code}`);
    this.name = 'DatasetWriteError';
    this.code = code;
  }
}

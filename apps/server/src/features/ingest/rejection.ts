import type { FileReason } from '@negatoscope/contract';

/** This file is not taken; its neighbours are. */
export class Rejection extends Error {
  readonly code: FileReason;

  constructor(code: FileReason) {
    super(`A file was rejected: ${code}`);
    this.name = 'Rejection';
    this.code = code;
  }
}

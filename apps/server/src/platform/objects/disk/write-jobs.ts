import { errorCode } from './fs-port.ts';

/** What a writer is asked to do. Jobs of one draft are done in order. */
export type WriteJob =
  | { readonly op: 'append'; readonly id: string; readonly path: string; readonly bytes: Uint8Array }
  | { readonly op: 'finish'; readonly id: string; readonly path: string; readonly bytes: Uint8Array }
  | { readonly op: 'read'; readonly id: string; readonly offset: number; readonly length: number }
  /** `mark`: what stands in a folder that is the store, and not in an empty place where a disk should be. */
  | { readonly op: 'settle'; readonly files: readonly SettledFile[]; readonly mark?: string }
  | { readonly op: 'discard'; readonly id: string };

export interface SettledFile {
  readonly id: string;
  readonly finalPath: string;
}

/** What failed: a flush, after which nothing can be trusted, the look for the mark of the store, or anything else. */
export type WriteSite = 'flush' | 'mark' | 'file';

/** A call on a file that failed. */
export class WriteError extends Error {
  readonly code: string;
  readonly site: WriteSite;

  constructor(code: string, site: WriteSite, cause?: unknown) {
    super(`Writing an object failed: ${code}`, { cause });
    this.name = 'WriteError';
    this.code = code;
    this.site = site;
  }
}

/** One that is a WriteError already keeps its site. */
export const asWriteError = (error: unknown, site: WriteSite): WriteError =>
  error instanceof WriteError ? error : new WriteError(errorCode(error) || 'UNKNOWN', site, error);

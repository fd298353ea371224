import { errorCode } from './fs-port.ts';

/** What a writer is asked to do. Jobs of one draft are done in order. */
export type WriteJob =
  | { readonly op: 'append'; readonly id: string; readonly path: string; readonly bytes: Uint8Array }
  | { readonly op: 'finish'; readonly id: string; readonly path: string; readonly bytes: Uint8Array }
  | { readonly op: 'read'; readonly id: string; readonly offset: number; readonly length: number }
  | { readonly op: 'settle'; readonly files: readonly SettledFile[] }
  | { readonly op: 'discard'; readonly id: string };

export interface SettledFile {
  readonly id: string;
  readonly finalPath: string;
}

/** A call on a file that failed: `site` tells a failed flush, after which nothing can be trusted, from everything else. */
export class WriteError extends Error {
  readonly code: string;
  readonly site: 'flush' | 'file';

  constructor(code: string, site: 'flush' | 'file', cause?: unknown) {
    super(`Writing an object failed: ${code}`, { cause });
    this.name = 'WriteError';
    this.code = code;
    this.site = site;
  }
}

/** One that is a WriteError already keeps its site. */
export const asWriteError = (error: unknown, site: 'flush' | 'file'): WriteError =>
  error instanceof WriteError ? error : new WriteError(errorCode(error) || 'UNKNOWN', site, error);

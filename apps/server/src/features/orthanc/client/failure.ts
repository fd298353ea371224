/**
 * Why Orthanc did not give what was asked for. `UNREACHABLE`: nobody answers there; `TIMEOUT`: too slowly; `NOT_ALLOWED`: our name or password; `ERROR`: another
 * status; `BAD_ANSWER`: something that Orthanc does not say; `CUT`: bytes are missing or others; `OTHER_INSTANCE`: another than the one asked for;
 * `NOT_KEPT`: it says of what it was sent that it does not keep it.
 */
export type OrthancFailureCode =
  | 'UNREACHABLE'
  | 'TIMEOUT'
  | 'NOT_ALLOWED'
  | 'ERROR'
  | 'BAD_ANSWER'
  | 'CUT'
  | 'OTHER_INSTANCE'
  | 'NOT_KEPT';

export class OrthancFailure extends Error {
  readonly code: OrthancFailureCode;
  readonly status: number | undefined;

  constructor(code: OrthancFailureCode, options: { readonly status?: number; readonly cause?: unknown } = {}) {
    super(options.status === undefined ? code : `${code} ${options.status}`, { cause: options.cause });
    this.name = 'OrthancFailure';
    this.code = code;
    this.status = options.status;
  }
}

/** What went wrong on the way, as one of these. */
export const failureOf = (error: unknown, code: OrthancFailureCode): OrthancFailure =>
  error instanceof OrthancFailure ? error : new OrthancFailure(code, { cause: error });

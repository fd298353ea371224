import type { ErrorCode } from '@negatoscope/contract';

export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/**
 * Something that a person or program did can't be done. `code` is from the contract's catalog, which also holds the HTTP status;
 * services throw it and know no HTTP. Neither `detail` nor `errors` ever carries patient data.
 */
export class Failure extends Error {
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly errors: readonly FieldError[] | undefined;
  /** Seconds after which trying again makes sense (429, 503). */
  readonly retryAfterSeconds: number | undefined;
  /** The state that a change met, as the operation answers it: cut to its schema by who throws. */
  readonly current: unknown;

  constructor(
    code: ErrorCode,
    options: {
      detail?: string;
      errors?: readonly FieldError[];
      retryAfterSeconds?: number;
      current?: unknown;
      cause?: unknown;
    } = {},
  ) {
    super(options.detail ?? code, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Failure';
    this.code = code;
    this.detail = options.detail;
    this.errors = options.errors;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.current = options.current;
  }
}

export const notFound = (): Failure => new Failure('NOT_FOUND');

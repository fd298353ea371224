/**
 * A reason not to start, told to the administrator in one line.
 * The message names what is wrong and what to do; the entry files print it without a stack and exit with 1.
 */
export class StartError extends Error {
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'StartError';
    this.code = code;
  }
}

import { PAGE_ERRORS, type PageErrorCode } from '@negatoscope/contract/errors';
import { textIn } from '../i18n/typography.ts';

/** `OFFLINE` is ours: the request never reached the server. */
export type ApiErrorCode = PageErrorCode | 'OFFLINE';

const OFFLINE = {
  fr: 'Le serveur ne répond pas. Rien n’est perdu ; vérifiez la connexion puis réessayez.',
  en: 'The server does not answer. Nothing is lost; check the connection, then try again.',
};

export interface FieldProblem {
  readonly path: string;
  readonly message: string;
}

/** A refused or failed request: the catalog's code, the HTTP status (0 when the server was not reached) and the fields at fault. */
export class ApiError extends Error {
  readonly code: ApiErrorCode;
  readonly status: number;
  readonly fields: readonly FieldProblem[];
  /** Seconds that the server asks to wait, when it says so. */
  readonly retryAfterS: number | undefined;
  /** What the server adds to the code, e.g. why a model is refused; no text for people. */
  readonly detail: string | undefined;
  /** The state that a change met, as the operation says (`current` of the problem); by whom it is used, with the contract's type. */
  readonly current: unknown;

  constructor(
    code: ApiErrorCode,
    status: number,
    options: { fields?: readonly FieldProblem[]; retryAfterS?: number; detail?: string; current?: unknown } = {},
  ) {
    super(code);
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
    this.fields = options.fields ?? [];
    this.retryAfterS = options.retryAfterS;
    this.detail = options.detail;
    this.current = options.current;
  }
}

const isErrorCode = (value: unknown): value is PageErrorCode => typeof value === 'string' && Object.hasOwn(PAGE_ERRORS, value);

/** The code that stands for a bare status, when an answer is no problem document (a proxy's own page, for example). */
function codeOfStatus(status: number): PageErrorCode {
  const found = Object.entries(PAGE_ERRORS).find(([code, entry]) => isErrorCode(code) && entry.status === status)?.[0];
  if (isErrorCode(found)) return found;
  return status >= 500 ? 'UNAVAILABLE' : 'BAD_REQUEST';
}

function fieldsOf(value: unknown): FieldProblem[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null || !('path' in entry) || !('message' in entry)) return [];
    return [{ path: String(entry.path), message: String(entry.message) }];
  });
}

/** Reads a problem document (RFC 9457) tolerantly: an answer of another form still gives a coded error. */
export function errorFrom(status: number, body: unknown, retryAfter: string | null = null): ApiError {
  const object: object = typeof body === 'object' && body !== null ? body : {};
  const code = 'code' in object && isErrorCode(object.code) ? object.code : codeOfStatus(status);
  const seconds = retryAfter === null ? Number.NaN : Number(retryAfter);
  return new ApiError(code, status, {
    fields: 'errors' in object ? fieldsOf(object.errors) : [],
    ...('detail' in object && typeof object.detail === 'string' ? { detail: object.detail } : {}),
    ...(Number.isFinite(seconds) ? { retryAfterS: seconds } : {}),
    ...('current' in object ? { current: object.current } : {}),
  });
}

/** What went wrong here, without the server, in words of its own. */
export class SaidError extends Error {
  readonly said: Readonly<Record<'fr' | 'en', string>>;

  constructor(said: Readonly<Record<'fr' | 'en', string>>) {
    super(textIn(said, 'en'));
    this.name = 'SaidError';
    this.said = said;
  }
}

/** What happened, in the user's language. */
export function errorText(error: unknown, locale: 'fr' | 'en'): string {
  if (error instanceof SaidError) return textIn(error.said, locale);
  if (!(error instanceof ApiError)) return textIn(PAGE_ERRORS.INTERNAL, locale);
  return textIn(error.code === 'OFFLINE' ? OFFLINE : PAGE_ERRORS[error.code], locale);
}

import { Failure } from '../../../kernel/failure.ts';
import { ObjectUnreadable } from '../store/port.ts';

/** Without room: of Ceph, MinIO, and of HTTP itself. */
const FULL = new Set(['QuotaExceeded', 'XMinioStorageFull', 'XMinioAdminBucketQuotaExceeded', 'InsufficientCapacity']);
/** Said with a status of the 4xx and over in a moment. */
const PASSING = new Set(['SlowDown', 'RequestTimeout', 'RequestTimeTooSkewed', 'ConditionalRequestConflict', 'OperationAborted']);
const RETRY_AFTER_SECONDS = 5;

/** What a service of S3 or the way to it says of a failure. */
export interface S3Trouble {
  /** As the service calls it, `NoSuchKey`; or the name of the error where there was no answer. */
  readonly name: string;
  /** Undefined where there was no answer. */
  readonly status: number | undefined;
}

export function troubleOf(error: unknown): S3Trouble {
  if (!(error instanceof Error)) return { name: 'Unknown', status: undefined };
  const metadata = '$metadata' in error ? (error.$metadata as { readonly httpStatusCode?: number } | undefined) : undefined; // As the SDK makes it.
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return { name: error.name === 'Error' ? (code ?? error.name) : error.name, status: metadata?.httpStatusCode };
}

/** Without room, of the bucket or of its owner. */
export function isFull(error: unknown): boolean {
  const { name, status } = troubleOf(error);
  return FULL.has(name) || status === 507;
}

/** The key, its secret or the region that is signed for are others than the service knows. */
export const REFUSED_KEYS: ReadonlySet<string> = new Set([
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'AuthorizationHeaderMalformed',
]);

/** Whether the same may succeed in a moment: no answer, one that broke off, or one that says so. */
export function isPassing(error: unknown): boolean {
  if (error instanceof Failure) return false;
  const { name, status } = troubleOf(error);
  if (isFull(error) || status === 501) return false;
  return status === undefined || status < 300 || status >= 500 || status === 429 || PASSING.has(name);
}

export const isPreconditionFailed = (error: unknown): boolean => troubleOf(error).status === 412;

/** The SDK's errors hold the whole request and its answer: what is kept of them is what they say. */
function shortOf(error: unknown): Error {
  const { name, status } = troubleOf(error);
  return Object.assign(new Error(`S3: ${name}${status === undefined ? '' : ` (${status})`}`), { code: name });
}

/** What a failure is to who uses a store; `id` is told apart from the store by who asked for an object. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const { name, status } = troubleOf(error);
  if (isFull(error)) return new Failure('STORAGE_FULL', { cause: shortOf(error) });
  if (status === 412) return new Failure('CONFLICT', { detail: 'There is an object of this id.', cause: shortOf(error) });
  const detail =
    status === 403
      ? 'The object store refuses this server.'
      : name === 'NoSuchBucket'
        ? 'The bucket is not there.'
        : 'The object store could not be used.';
  return new Failure('UNAVAILABLE', { detail, retryAfterSeconds: RETRY_AFTER_SECONDS, cause: shortOf(error) });
}

/** The same where one object was asked for. A bucket that is not there is no object that is missing. */
export function objectFailureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const { name, status } = troubleOf(error);
  if (status === 404 && name !== 'NoSuchBucket') return new ObjectUnreadable('MISSING', shortOf(error));
  if (status === 416) return new ObjectUnreadable('SIZE', shortOf(error));
  return failureOf(error);
}

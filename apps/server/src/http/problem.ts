import { ERROR_CATALOG, type ErrorCode, FHIR_JSON, type Problem } from '@negatoscope/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Language, languageOf } from '../access/asked.ts';
import { Failure } from '../kernel/failure.ts';
import { isHeld, isOutOfScope } from '../platform/db/sql-state.ts';
import { isFhir, operationOutcome } from './operation-outcome.ts';

export function problemOf(failure: Failure, language: Language): Problem {
  const entry = ERROR_CATALOG[failure.code];
  return {
    type: `/errors/${failure.code}`,
    title: entry[language],
    status: entry.status,
    code: failure.code,
    ...(failure.detail === undefined ? {} : { detail: failure.detail }),
    ...(failure.errors === undefined ? {} : { errors: [...failure.errors] }),
    ...(failure.current === undefined ? {} : { current: failure.current }),
  };
}

const RETRY_AFTER_SECONDS = 5;
/** PostgreSQL can't be reached, is starting or stopping, has no connection left or took too long (its error classes 08, 53, 57; Node's codes), or only reads (25006). */
const DATABASE_AWAY = /^(ECONNREFUSED|ECONNRESET|ENOENT|ETIMEDOUT|EPIPE|08\w{3}|25006|53300|57014|57P0[1-5])$/;
const POOL_TIMEOUT =
  /^(Query read timeout|timeout expired|timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error)/;

function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const fromSocket = 'syscall' in error && (error.syscall === 'connect' || error.syscall === 'read' || error.syscall === 'write');
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return (DATABASE_AWAY.test(code) && (fromSocket || /^\d/.test(code))) || POOL_TIMEOUT.test(error.message);
}

/**
 * What PostgreSQL can't hold: a NUL character (22021, 22P05), half a surrogate pair within JSON (22P02, which is also said of what is no UUID: told by the function
 * that says so, since its text is translated), numbers and days beyond its own (22003, 22008). What was sent is at fault, not the server.
 */
const UNSTORABLE: ReadonlySet<unknown> = new Set(['22021', '22P05', '22003', '22008']);
const isUnstorable = (error: unknown): boolean => {
  if (!(error instanceof Error) || !('code' in error)) return false;
  const isJson = 'routine' in error && typeof error.routine === 'string' && error.routine.startsWith('json_');
  return UNSTORABLE.has(error.code) || (error.code === '22P02' && isJson);
};

/** Fastify's own refusals (body too large, bad JSON …) as failures of the catalog; anything unknown is INTERNAL. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (isHeld(error)) return new Failure('LEGAL_HOLD', { cause: error });
  if (isOutOfScope(error)) return new Failure('FORBIDDEN', { cause: error });
  if (isUnstorable(error)) return new Failure('BAD_REQUEST', { cause: error });
  if (isDatabaseAway(error)) return new Failure('UNAVAILABLE', { cause: error, retryAfterSeconds: RETRY_AFTER_SECONDS });
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined;
  const byStatus: Record<number, ErrorCode> = {
    400: 'BAD_REQUEST',
    404: 'NOT_FOUND',
    405: 'METHOD_NOT_ALLOWED',
    413: 'TOO_LARGE',
    414: 'ADDRESS_TOO_LONG',
    415: 'UNSUPPORTED_MEDIA_TYPE',
  };
  const code = typeof status === 'number' ? byStatus[status] : undefined;
  return new Failure(code ?? 'INTERNAL', { cause: error });
}

export function sendProblem(request: FastifyRequest, reply: FastifyReply, failure: Failure): FastifyReply {
  const problem = problemOf(failure, languageOf(request));
  if (failure.retryAfterSeconds !== undefined) void reply.header('retry-after', String(failure.retryAfterSeconds));
  void reply.code(problem.status).header('cache-control', 'no-store');
  if (isFhir(request.raw.url))
    return reply.header('content-type', FHIR_JSON).send(Buffer.from(JSON.stringify(operationOutcome(problem))));
  return reply.type('application/problem+json').send(JSON.stringify(problem));
}

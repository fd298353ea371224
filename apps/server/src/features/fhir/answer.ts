import { createHash } from 'node:crypto';
import { FHIR_JSON } from '@negatoscope/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { searchOf } from '../../access/asked.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Resource } from './resources/values.ts';

/** What `_format` and Accept may name (HL7 FHIR R4, 3.1.0.1.11): JSON is the one form. */
const JSON_NAMES: ReadonlySet<string> = new Set(['json', 'application/json', FHIR_JSON, 'text/json', '*/*', 'application/*']);

/** Fails with NOT_ACCEPTABLE where a client wants no JSON. `_format` goes before Accept. */
export function requireJson(request: FastifyRequest): void {
  const format = searchOf(request).get('_format');
  // An unescaped plus sign of `application/fhir+json` comes as a space.
  const wanted = format === null ? (request.headers.accept ?? '*/*').split(',') : [format.replaceAll(' ', '+')];
  const names = wanted.map((one) => (one.split(';')[0] ?? '').trim().toLowerCase());
  if (!names.some((name) => JSON_NAMES.has(name))) throw new Failure('NOT_ACCEPTABLE');
}

/** Sends bytes: to text Fastify adds a charset, and FHIR's media type is UTF-8 as it is. */
export const sendResource = (reply: FastifyReply, of: Resource): FastifyReply =>
  reply.header('content-type', FHIR_JSON).send(Buffer.from(JSON.stringify(of)));

/**
 * Sends one resource with its version: of what this reader is shown of it, since rows have none that grows with everything that is said of them. 304 to who has
 * that one.
 */
export function sendVersioned(request: FastifyRequest, reply: FastifyReply, of: Resource): FastifyReply {
  const versionId = createHash('sha256').update(JSON.stringify(of)).digest('hex').slice(0, 16);
  const { resourceType, id, meta, ...rest } = of;
  const shown: Resource = {
    resourceType,
    ...(id === undefined ? {} : { id }),
    meta: { ...(meta as object), versionId },
    ...rest,
  };
  void reply.header('etag', `W/"${versionId}"`);
  const { lastUpdated } = (meta ?? {}) as { lastUpdated?: string };
  if (lastUpdated !== undefined) void reply.header('last-modified', new Date(lastUpdated).toUTCString());
  const known = request.headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  if (known?.includes(`"${versionId}"`) === true) return reply.code(304).send();
  return sendResource(reply, shown);
}

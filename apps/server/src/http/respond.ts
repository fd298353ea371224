import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Operation } from '@negatoscope/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { takesGzip } from '../platform/sending/takes-gzip.ts';

const isStream = (response: unknown): boolean => typeof response === 'object' && response !== null && 'stream' in response;

/** Below this, packing costs more than it saves. */
const LEAST_PACKED_BYTES = 2_048;

/**
 * Lists of GET are packed for clients that take it. Nothing else is: an answer that holds a token beside what a stranger may have chosen
 * would tell the token by its length (BREACH), and lists hold none.
 */
const mayBePacked = ({ method }: Operation, schema: z.ZodType): boolean =>
  method === 'GET' && schema instanceof z.ZodObject && 'items' in schema.shape;

async function sendList(request: FastifyRequest, reply: FastifyReply, text: string): Promise<FastifyReply> {
  void reply.header('vary', 'accept-encoding');
  if (text.length < LEAST_PACKED_BYTES || !takesGzip(request.headers)) return reply.send(text);
  return reply.header('content-encoding', 'gzip').send(await promisify(gzip)(text, { level: 5 }));
}

export async function respond(
  operation: Operation,
  request: FastifyRequest,
  reply: FastifyReply,
  result: unknown,
): Promise<FastifyReply> {
  const statuses = Object.keys(operation.responses).map(Number);
  const status = reply.statusCode !== 200 && statuses.includes(reply.statusCode) ? reply.statusCode : Math.min(...statuses);
  const schema = operation.responses[status];
  if (schema === null || schema === undefined || isStream(schema)) return reply.code(status).send();
  // Serialising by the schema is the whitelist of what leaves the server.
  const isSchema = schema instanceof z.ZodType;
  const text = JSON.stringify(isSchema ? schema.parse(result) : result);
  void reply.code(status).type('application/json');
  return isSchema && mayBePacked(operation, schema) ? sendList(request, reply, text) : reply.send(text);
}

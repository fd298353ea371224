import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Failure } from '../../kernel/failure.ts';
import { acceptedRanges, matchesType } from './accept.ts';
import { newBoundary } from './multipart-answer.ts';
import { searchOf } from './request.ts';

export const JSON_TYPE = 'application/dicom+json';
export const XML_TYPE = 'application/dicom+xml';

/** JSON or XML for answers that are datasets (PS3.18 8.7.4): JSON is one body, XML one part for each dataset. Fails with NOT_ACCEPTABLE. */
export function datasetForm(request: FastifyRequest): 'json' | 'xml' {
  for (const range of acceptedRanges(request, searchOf(request))) {
    if (!range.multipart && (matchesType(range, JSON_TYPE) || matchesType(range, 'application/json'))) return 'json';
    if (range.multipart && matchesType(range, XML_TYPE)) return 'xml';
  }
  throw new Failure('NOT_ACCEPTABLE');
}

/** An answer of datasets in JSON, as bytes: to text Fastify adds a charset, and clients that compare the media type then see nothing (RFC 8259 11 knows none). */
export const sendJson = (reply: FastifyReply, text: string): FastifyReply =>
  reply.header('content-type', JSON_TYPE).send(Buffer.from(text));

/** Native DICOM Models, each made when it is sent. */
export function sendXml(reply: FastifyReply, models: AsyncIterable<string | Buffer> | Iterable<string>): FastifyReply {
  const boundary = newBoundary();
  async function* body(): AsyncGenerator<string | Buffer> {
    for await (const model of models) {
      yield `\r\n--${boundary}\r\nContent-Type: ${XML_TYPE}\r\n\r\n`;
      yield model;
    }
    yield `\r\n--${boundary}--\r\n`;
  }
  return reply
    .header('content-type', `multipart/related; type="${XML_TYPE}"; boundary=${boundary}`)
    .send(Readable.from(body(), { objectMode: false }));
}

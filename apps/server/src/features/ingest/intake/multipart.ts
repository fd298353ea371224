import type { IncomingMessage } from 'node:http';
import { Busboy, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy';
import { Failure } from '../../../kernel/failure.ts';
import { Rejection } from '../rejection.ts';
import type { IncomingFile } from '../types.ts';
import { type FileStream, Found } from './found-files.ts';

export interface MultipartLimits {
  readonly maxUploadBytes: number;
  readonly maxParts: number;
}

/** A multipart/form-data body (RFC 7578) read as it arrives: fields first, then files one after the other. */
export interface MultipartBody {
  readonly fields: ReadonlyMap<string, string>;
  /** Each file's stream must be read, or is drained, before the next. Ends early when the sender goes away. */
  readonly files: AsyncIterable<IncomingFile>;
  /** Whether the sender went away before the end. */
  readonly isInterrupted: boolean;
}

const MAX_FIELDS = 20;
const FIELD_BYTES = 10_000;

/** One body while it is read. */
interface Reading {
  readonly request: IncomingMessage;
  readonly reader: BusboyInstance;
  readonly fields: Map<string, string>;
  readonly found: Found;
  /** The file that is being read, or was last. */
  current: FileStream | undefined;
  isInterrupted: boolean;
}

/**
 * Begins to read a request's body; returns when its fields are known, that is at the first file. Fails with UNSUPPORTED_MEDIA_TYPE,
 * MALFORMED_MULTIPART, TOO_LARGE, or VALIDATION_FAILED for a field behind a file, either here or while the files are read.
 */
export async function openMultipart(request: IncomingMessage, limits: MultipartLimits): Promise<MultipartBody> {
  const type = request.headers['content-type'] ?? '';
  if (!/^multipart\/form-data\b/i.test(type)) throw new Failure('UNSUPPORTED_MEDIA_TYPE');
  if (Number(request.headers['content-length'] ?? 0) > limits.maxUploadBytes) throw new Failure('TOO_LARGE');
  const reader = createReader(request, limits);
  const found = new Found();
  const reading: Reading = { request, reader, fields: new Map(), found, current: undefined, isInterrupted: false };
  listen(reading);
  watch(request, limits, (failure) => {
    reading.isInterrupted = failure === undefined;
    stop(reading, failure);
    destroy(reading.current, failure ?? new Rejection('UPLOAD_INTERRUPTED'));
  });
  request.pipe(reader);
  await found.first();
  const files: AsyncIterable<IncomingFile> = { [Symbol.asyncIterator]: () => takeFiles(found) };
  return {
    fields: reading.fields,
    files,
    get isInterrupted() {
      return reading.isInterrupted;
    },
  };
}

function stop({ found, reader, request }: Reading, error?: Error): void {
  request.unpipe(reader);
  found.end(error);
}

/** Takes what the reader finds, until what must not be. */
function listen(reading: Reading): void {
  const { fields, found, reader } = reading;
  reader.on('field', (name, value) => {
    if (reading.current === undefined) fields.set(name, value);
    else stop(reading, new Failure('VALIDATION_FAILED', { errors: [{ path: name, message: 'Fields come before files.' }] }));
  });
  reader.on('file', (_field, stream, filename) => {
    // Without a listener an aborted part would end the process.
    stream.on('error', () => undefined);
    reading.current = stream;
    found.push({ name: filename === undefined || filename === '' ? 'unnamed' : filename, stream });
  });
  for (const event of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const) {
    reader.on(event, () => stop(reading, new Failure('MALFORMED_MULTIPART', { detail: 'The body has too many parts.' })));
  }
  reader.on('error', () => stop(reading, new Failure('MALFORMED_MULTIPART')));
  reader.on('finish', () => found.end());
}

function createReader(request: IncomingMessage, limits: MultipartLimits): BusboyInstance {
  try {
    return new Busboy({
      headers: request.headers as BusboyHeaders, // It has a content type, checked by the caller.
      preservePath: true,
      fileHwm: 256 * 1024,
      limits: {
        fields: MAX_FIELDS,
        fieldSize: FIELD_BYTES,
        fieldNameSize: 100,
        parts: limits.maxParts,
        headerPairs: 50,
        headerSize: 16_384,
      },
    });
  } catch {
    throw new Failure('MALFORMED_MULTIPART');
  }
}

/** Calls `onStop` with TOO_LARGE past the limit, or with nothing when the sender goes away. */
function watch(request: IncomingMessage, limits: MultipartLimits, onStop: (failure?: Failure) => void): void {
  let receivedBytes = 0;
  const count = (chunk: Buffer): void => {
    receivedBytes += chunk.length;
    if (receivedBytes <= limits.maxUploadBytes) return;
    request.off('data', count);
    onStop(new Failure('TOO_LARGE'));
  };
  request.on('data', count);
  request.once('close', () => {
    if (!request.complete) onStop();
  });
  request.once('error', () => onStop());
}

const destroy = (stream: FileStream | undefined, error: Error): void => {
  if (stream !== undefined && 'destroy' in stream && typeof stream.destroy === 'function') stream.destroy(error);
};

async function* takeFiles(found: Found): AsyncGenerator<IncomingFile> {
  for (let file = await found.first(); file !== undefined; file = await found.first()) {
    found.shift();
    yield file;
    await drain(file.stream);
  }
}

/** What a consumer left of a file stands between it and the next one. */
async function drain(stream: AsyncIterable<Uint8Array>): Promise<void> {
  if (!('readableEnded' in stream) || stream.readableEnded === true || ('destroyed' in stream && stream.destroyed === true))
    return;
  try {
    for await (const _chunk of stream);
  } catch {
    // An interrupted part has told its consumer so.
  }
}

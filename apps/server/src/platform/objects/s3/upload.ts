import { createHash, randomUUID } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Failure } from '../../../kernel/failure.ts';
import { ObjectUnreadable } from '../store/port.ts';
import type { Bucket } from './bucket.ts';
import { failureOf, isPreconditionFailed, objectFailureOf, troubleOf } from './failures.ts';

/** What is larger goes in parts. */
export const ONE_PIECE_BYTES = 16 * 1024 * 1024;
const PART_BYTES = 8 * 1024 * 1024;
/** S3 takes 10,000. */
const MOST_PARTS = 9_000;

/** Bytes that can be read more than once: a try that failed begins anew. */
export interface Uploaded {
  readonly id: string;
  readonly sizeBytes: number;
  read(offset: number, length: number): Promise<Buffer>;
}

/** What stands with an object: its hash, and by which putting it came, so that who does not know whether its own succeeded can find out. */
interface Label {
  readonly sha256: string;
  readonly putting: string;
}

const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');
const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Exactly these bytes. A source that ends early is no fault of the store. */
async function readAll({ id: _, read }: Uploaded, offset: number, length: number): Promise<Buffer> {
  const bytes = await read(offset, length).catch((cause: unknown) => {
    throw cause instanceof Failure
      ? cause
      : new Failure('UNAVAILABLE', { detail: 'What was to be stored could not be read.', cause });
  });
  if (bytes.length < length) throw new ObjectUnreadable('SIZE');
  return bytes;
}

/**
 * Puts an object; `isNew`: only where there is none of its id, otherwise it fails with CONFLICT. All or nothing: what is in the bucket under its key is a whole
 * object. Gives the SHA-256 of what was sent, in hexadecimal.
 */
export async function upload(bucket: Bucket, object: Uploaded, isNew: boolean): Promise<string> {
  const source: Uploaded = { id: object.id, sizeBytes: object.sizeBytes, read: (offset, length) => object.read(offset, length) };
  return source.sizeBytes > ONE_PIECE_BYTES ? inParts(bucket, source, isNew) : inOnePiece(bucket, source, isNew);
}

async function inOnePiece(bucket: Bucket, object: Uploaded, isNew: boolean): Promise<string> {
  const bytes = await readAll(object, 0, object.sizeBytes);
  const label: Label = { sha256: sha256Of(bytes), putting: randomUUID() };
  const command = {
    ...{ Bucket: bucket.name, Key: bucket.keyOf(object.id), Body: bytes, ContentLength: bytes.length },
    ...{ ContentType: 'application/octet-stream', ChecksumSHA256: base64(label.sha256), Metadata: { ...label } },
    ...(isNew ? { IfNoneMatch: '*' } : {}),
  };
  const send = (signal: AbortSignal): Promise<unknown> =>
    bucket.client.send(new PutObjectCommand(command), { abortSignal: signal });
  await unlessOurs(bucket, { id: object.id, label, bytes: bytes.length }, send);
  return label.sha256;
}

/** A try whose answer was lost may have succeeded: the next one then meets its own object. */
async function unlessOurs(
  bucket: Bucket,
  { id, label, bytes }: { readonly id: string; readonly label: Label; readonly bytes: number },
  send: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  let isTriedBefore = false;
  try {
    await bucket.retries.run(bytes, (signal, attempt) => {
      isTriedBefore = attempt > 1;
      return send(signal);
    });
  } catch (error) {
    // Or, of parts that were put together, nothing that could be put together.
    const mayBeOurs = isPreconditionFailed(error) || troubleOf(error).name === 'NoSuchUpload';
    if (!mayBeOurs || !isTriedBefore) throw failureOf(error);
    const found = await labelOf(bucket, id);
    if (found?.putting !== label.putting) throw failureOf(error);
  }
}

/** Undefined where there is no object, or one that was not put by this server. */
export async function labelOf(bucket: Bucket, id: string): Promise<(Label & { readonly sizeBytes: number }) | undefined> {
  try {
    const head = await bucket.retries.run(0, (abortSignal) =>
      bucket.client.send(new HeadObjectCommand({ Bucket: bucket.name, Key: bucket.keyOf(id) }), { abortSignal }),
    );
    const { sha256, putting } = head.Metadata ?? {};
    return sha256 === undefined || putting === undefined ? undefined : { sha256, putting, sizeBytes: head.ContentLength ?? 0 };
  } catch (error) {
    const failure = objectFailureOf(error);
    if (failure instanceof ObjectUnreadable) return undefined;
    throw failure;
  }
}

/** Two readings: the hash of all stands with the object, and is told before the first part goes. */
async function inParts(bucket: Bucket, object: Uploaded, isNew: boolean): Promise<string> {
  const partBytes = Math.max(PART_BYTES, Math.ceil(object.sizeBytes / MOST_PARTS));
  const hash = createHash('sha256');
  for (let at = 0; at < object.sizeBytes; at += partBytes)
    hash.update(await readAll(object, at, Math.min(partBytes, object.sizeBytes - at)));
  const label: Label = { sha256: hash.digest('hex'), putting: randomUUID() };
  // Not every server compares at the end: who was there before is looked for at the beginning as well.
  if (isNew) await requireNone(bucket, object.id);
  const { name: Bucket, client, retries } = bucket;
  const key = { Bucket, Key: bucket.keyOf(object.id) };
  const create = new CreateMultipartUploadCommand({
    ...key,
    ...{ ContentType: 'application/octet-stream', ChecksumAlgorithm: 'SHA256', Metadata: { ...label } },
  });
  const { UploadId } = await retries.run(0, (abortSignal) => client.send(create, { abortSignal })).catch(rethrow);
  const upload = { ...key, UploadId };
  try {
    const Parts = await sendParts(bucket, upload, { object, partBytes });
    const complete = { ...upload, MultipartUpload: { Parts }, ...(isNew ? { IfNoneMatch: '*' } : {}) };
    await unlessOurs(bucket, { id: object.id, label, bytes: 0 }, (abortSignal) =>
      client.send(new CompleteMultipartUploadCommand(complete), { abortSignal }),
    );
    return label.sha256;
  } catch (error) {
    // What stays of it is taken away by the bucket's own rule for uploads that were never completed.
    await retries
      .run(0, (abortSignal) => client.send(new AbortMultipartUploadCommand(upload), { abortSignal }))
      .catch(() => undefined);
    throw error;
  }
}

const rethrow = (error: unknown): never => {
  throw failureOf(error);
};

async function requireNone(bucket: Bucket, id: string): Promise<void> {
  const head = new HeadObjectCommand({ Bucket: bucket.name, Key: bucket.keyOf(id) });
  const isThere = await bucket.retries
    .run(0, (abortSignal) => bucket.client.send(head, { abortSignal }))
    .then(
      () => true,
      (error: unknown) => {
        const failure = objectFailureOf(error);
        if (failure instanceof ObjectUnreadable) return false;
        throw failure;
      },
    );
  if (isThere) throw new Failure('CONFLICT', { detail: 'There is an object of this id.' });
}

/** One after the other: one part is in memory at a time. */
async function sendParts(
  { client, retries }: Bucket,
  upload: { readonly Bucket: string; readonly Key: string; readonly UploadId: string | undefined },
  { object, partBytes }: { readonly object: Uploaded; readonly partBytes: number },
): Promise<{ ETag: string | undefined; PartNumber: number; ChecksumSHA256: string }[]> {
  const parts: { ETag: string | undefined; PartNumber: number; ChecksumSHA256: string }[] = [];
  for (let at = 0; at < object.sizeBytes; at += partBytes) {
    const Body = await readAll(object, at, Math.min(partBytes, object.sizeBytes - at));
    const PartNumber = parts.length + 1;
    const ChecksumSHA256 = base64(sha256Of(Body));
    const command = new UploadPartCommand({ ...upload, PartNumber, Body, ContentLength: Body.length, ChecksumSHA256 });
    const { ETag } = await retries.run(Body.length, (abortSignal) => client.send(command, { abortSignal })).catch(rethrow);
    parts.push({ ETag, PartNumber, ChecksumSHA256 });
  }
  return parts;
}

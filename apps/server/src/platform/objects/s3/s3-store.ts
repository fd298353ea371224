import { Readable } from 'node:stream';
import { DeleteObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import pLimit from 'p-limit';
import { Failure } from '../../../kernel/failure.ts';
import { ID } from '../../../kernel/ids.ts';
import { claimAll, type StagedObject } from '../staging/index.ts';
import type { ByteRange, Listing, ObjectSource, ObjectStore } from '../store/port.ts';
import { type Bucket, openBucket, type S3Place } from './bucket.ts';
import { readInto, sizeOf, streamOf } from './download.ts';
import { failureOf } from './failures.ts';
import { findMark, TRIAL } from './mark.ts';
import type { Patience } from './retries.ts';
import { labelOf, upload } from './upload.ts';

/** Objects on their way to the bucket at a time; each holds up to 16 MiB. */
const PARALLEL = 6;
const PARALLEL_DELETIONS = 16;
/** The mark was seen, or something written, so lately that it is not asked for again. */
const LATELY_MS = 5_000;

/**
 * Objects in a bucket of S3, `<prefix>objects/<id>`. A bucket that lacks the mark of the store was emptied or is another one: nothing is written there, and
 * nothing that is missing there is taken for lost.
 */
export class S3Store implements ObjectStore {
  /** What fails there passes, or is told each time. */
  readonly healthy = true;
  readonly waiting = { objects: 0, bytes: 0 };
  readonly #bucket: Bucket;
  #markedAt = Number.NEGATIVE_INFINITY;
  #writtenAt = Number.NEGATIVE_INFINITY;

  /** Nothing is asked of the bucket yet. */
  constructor(place: S3Place, patience?: Patience) {
    this.#bucket = openBucket(place, patience);
  }

  async put(objects: readonly StagedObject[]): Promise<void> {
    if (objects.length === 0) return;
    claimAll(objects);
    const stored: string[] = [];
    try {
      await this.#requireMark();
      const turns = pLimit(PARALLEL);
      let hasFailed = false;
      const ends = await Promise.allSettled(
        objects.map((object) =>
          turns(async () => {
            if (hasFailed) return;
            try {
              await upload(this.#bucket, object, true);
              stored.push(object.id);
            } catch (error) {
              hasFailed = true;
              // It may be there all the same, unless another one was there before.
              if (!(error instanceof Failure && error.code === 'CONFLICT')) stored.push(object.id);
              throw error;
            }
          }),
        ),
      );
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    } catch (error) {
      throw await this.#takeBack(objects, stored, error);
    }
    this.#writtenAt = performance.now();
    for (const object of objects) await object.settledElsewhere();
  }

  /** Nothing stays of objects that could not all be put. What can't be deleted now has no row, and `removeOrphans` finds it. */
  async #takeBack(objects: readonly StagedObject[], stored: readonly string[], error: unknown): Promise<Failure> {
    const failure = failureOf(error);
    this.#writtenAt = Number.NEGATIVE_INFINITY;
    for (const object of objects) await object.fail(failure);
    await this.delete(stored).catch(() => undefined);
    return failure;
  }

  async restore(id: string, source: ObjectSource): Promise<void> {
    await this.#requireMark();
    await upload(this.#bucket, { ...source, id }, false);
  }

  async read(id: string, offset: number, length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(length);
    await this.readInto(id, offset, bytes);
    return bytes;
  }

  readInto(id: string, offset: number, target: Buffer): Promise<void> {
    return readInto(this.#bucket, id, offset, target);
  }

  size(id: string): Promise<number> {
    return sizeOf(this.#bucket, id);
  }

  /** Size and SHA-256 of an object as they were when it was put; undefined where it is not there, or came otherwise. */
  labelOf(id: string): Promise<{ readonly sizeBytes: number; readonly sha256: string } | undefined> {
    return labelOf(this.#bucket, id);
  }

  stream(id: string, range?: ByteRange): Readable {
    return Readable.from(streamOf(this.#bucket, id, range), { objectMode: false });
  }

  async delete(ids: readonly string[]): Promise<void> {
    const { client, retries, name: Bucket, keyOf } = this.#bucket;
    const turns = pLimit(PARALLEL_DELETIONS);
    // One by one: not every server takes many at once without a hash that others no longer know.
    const ends = await Promise.allSettled(
      ids.map((id) =>
        turns(() =>
          retries.run(0, (abortSignal) => client.send(new DeleteObjectCommand({ Bucket, Key: keyOf(id) }), { abortSignal })),
        ),
      ),
    );
    for (const end of ends) if (end.status === 'rejected') throw failureOf(end.reason);
  }

  async *list({ before, prefix = '', after }: Listing = {}): AsyncGenerator<string[]> {
    const { client, retries, name: Bucket, objects } = this.#bucket;
    const wanted = { Bucket, Prefix: objects + prefix, ...(after === undefined ? {} : { StartAfter: objects + after }) };
    for (let ContinuationToken: string | undefined; ; ) {
      const command = new ListObjectsV2Command({ ...wanted, ...(ContinuationToken === undefined ? {} : { ContinuationToken }) });
      const page = await retries
        .run(0, (abortSignal) => client.send(command, { abortSignal }))
        .catch((error: unknown) => {
          throw failureOf(error);
        });
      const found = (page.Contents ?? [])
        .filter(({ LastModified }) => before === undefined || (LastModified !== undefined && LastModified < before))
        .map(({ Key = '' }) => Key.slice(objects.length))
        // A page may hold what the cursor was at where a server reads it otherwise.
        .filter((id) => ID.test(id) && (after === undefined || id > after));
      if (found.length > 0) yield found;
      ContinuationToken = page.IsTruncated === true ? page.NextContinuationToken : undefined;
      if (ContinuationToken === undefined) return;
    }
  }

  async check(): Promise<void> {
    if (performance.now() - this.#writtenAt < LATELY_MS) return;
    await this.#requireMark();
    const { client, retries, name: Bucket, keyBeside } = this.#bucket;
    const trial = { Bucket, Key: keyBeside(TRIAL), Body: Buffer.from('ok') };
    await retries
      .run(0, (abortSignal) => client.send(new PutObjectCommand(trial), { abortSignal }))
      .catch((error: unknown) => {
        throw failureOf(error);
      });
    this.#writtenAt = performance.now();
  }

  async isThere(): Promise<boolean> {
    const isThere = await findMark(this.#bucket).catch(() => false);
    // Who writes next looks for itself.
    if (!isThere) this.#markedAt = Number.NEGATIVE_INFINITY;
    return isThere;
  }

  forget(): void {}

  close(): void {
    this.#bucket.client.destroy();
  }

  async #requireMark(): Promise<void> {
    if (performance.now() - this.#markedAt < LATELY_MS) return;
    if (!(await findMark(this.#bucket)))
      throw new Failure('UNAVAILABLE', { detail: 'The bucket of objects lacks its mark.', retryAfterSeconds: 5 });
    this.#markedAt = performance.now();
  }
}

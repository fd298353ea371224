import { HeadObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { StartError } from '../../../kernel/start-error.ts';
import { type Bucket, openBucket, type S3Place } from './bucket.ts';
import { failureOf, isPassing, isPreconditionFailed, REFUSED_KEYS, troubleOf } from './failures.ts';
import type { Patience } from './retries.ts';

/** By which a store knows its bucket. */
const MARK = '.negatoscope-objects';
/** What is written to see whether anything can be. */
export const TRIAL = '.negatoscope-trial';

/** Whether this is the bucket of a store. Fails as the store does when it can't be asked. */
export async function findMark(bucket: Bucket): Promise<boolean> {
  const head = new HeadObjectCommand({ Bucket: bucket.name, Key: bucket.keyBeside(MARK) });
  try {
    await bucket.retries.run(0, (abortSignal) => bucket.client.send(head, { abortSignal }));
    return true;
  } catch (error) {
    if (troubleOf(error).status === 404) return false;
    throw failureOf(error);
  }
}

export interface Preparation {
  /** Whether nothing is there that should be in the bucket: an empty one is then a new store. */
  readonly mayBeNew: () => Promise<boolean>;
  readonly warn: (message: string) => void;
  readonly patience?: Patience;
}

/**
 * Looks at the bucket once, at the start, and marks an empty one as a store. Fails with S3_CREDENTIALS, S3_BUCKET, S3_FORBIDDEN, S3_FOREIGN or S3_EMPTIED, in one
 * line that says what to do. A service that does not answer now is no reason not to start: what needs it is told so until it does.
 */
export async function prepareBucket(place: S3Place, { mayBeNew, warn, patience }: Preparation): Promise<void> {
  const bucket = openBucket(place, patience);
  try {
    const { client, name, retries, keyBeside } = bucket;
    const list = new ListObjectsV2Command({ Bucket: name, Prefix: place.prefix, MaxKeys: 20 });
    const { Contents = [] } = await retries.run(0, (abortSignal) => client.send(list, { abortSignal }));
    const keys = Contents.map(({ Key }) => Key);
    if (keys.includes(keyBeside(MARK)) || (await findMark(bucket))) return;
    if (keys.some((key) => key !== keyBeside(TRIAL)))
      throw new StartError(
        'S3_FOREIGN',
        `S3_BUCKET ${name} holds something, but no objects of Negatoscope: set another bucket or an S3_PREFIX`,
      );
    if (!(await mayBeNew()))
      throw new StartError(
        'S3_EMPTIED',
        `S3_BUCKET ${name} is empty although there are instances: correct S3_BUCKET or S3_PREFIX, or restore it`,
      );
    const mark = new PutObjectCommand({ Bucket: name, Key: keyBeside(MARK), Body: Buffer.alloc(0), IfNoneMatch: '*' });
    await retries
      .run(0, (abortSignal) => client.send(mark, { abortSignal }))
      .catch((error: unknown) => {
        if (!isPreconditionFailed(error)) throw error;
      });
  } catch (error) {
    if (error instanceof StartError) throw error;
    if (!isPassing(error)) throw startErrorOf(error, place);
    warn(`S3_ENDPOINT does not answer (${troubleOf(error).name}): images can't be stored or read until it does`);
  } finally {
    bucket.client.destroy();
  }
}

function startErrorOf(error: unknown, { bucket }: S3Place): StartError {
  const { name, status } = troubleOf(error);
  if (REFUSED_KEYS.has(name))
    return new StartError(
      'S3_CREDENTIALS',
      `S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY are refused (${name}): correct them`,
      error,
    );
  if (status === 404) return new StartError('S3_BUCKET', `S3_BUCKET ${bucket} is not there: make it, or correct its name`, error);
  if (status === 403)
    return new StartError(
      'S3_FORBIDDEN',
      `S3_BUCKET ${bucket} may not be listed and written with S3_ACCESS_KEY_ID (${name}): allow it`,
      error,
    );
  return new StartError(
    'S3_REFUSED',
    `S3_ENDPOINT refuses (${name}${status === undefined ? '' : `, ${status}`}): correct the settings S3_…`,
    error,
  );
}

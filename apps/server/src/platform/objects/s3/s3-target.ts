import { createHash, randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { StartError } from '../../../kernel/start-error.ts';
import type { BackupTarget } from '../../backup/index.ts';
import { type Bucket, openBucket, type S3Place } from './bucket.ts';
import { isFull, isPassing, isPreconditionFailed, REFUSED_KEYS, troubleOf } from './failures.ts';
import { PATIENCE, type Patience, Retries } from './retries.ts';

export interface TargetPlace extends S3Place {
  /** What the settings of its key begin with, for who has to correct them. */
  readonly settings: string;
}

/** Nobody waits for a backup at night: a service that is away for two minutes ends none. */
const STEADY: Patience = { tries: 60, withinMs: 120_000, pauseMs: 500, tryMs: 30_000 };

interface Target {
  readonly bucket: Bucket;
  readonly place: TargetPlace;
  readonly address: string;
  /** Sends until it is answered, or not any more. Fails with a StartError. */
  ask<T>(bytes: number, work: (signal: AbortSignal, attempt: number) => Promise<T>): Promise<T>;
}

/**
 * Backups in a bucket of S3, under the prefix: each file goes in one piece, so that it is there whole or not at all. Who asks for the first time is told within
 * seconds that nobody answers; once it was answered it waits for longer.
 */
export function s3Target(
  place: TargetPlace,
  patience: { readonly first: Patience; readonly later: Patience } = { first: PATIENCE, later: STEADY },
): BackupTarget {
  const bucket = openBucket(place);
  const address = `s3://${place.bucket}/${place.prefix}`.replace(/\/$/, '');
  const [first, later] = [new Retries(patience.first), new Retries(patience.later)];
  let hasAnswered = false;
  const target: Target = {
    ...{ bucket, place, address },
    ask: async (bytes, work) => {
      try {
        const answer = await (hasAnswered ? later : first).run(bytes, work);
        hasAnswered = true;
        return answer;
      } catch (error) {
        throw targetFailureOf(error, place, address);
      }
    },
  };
  const find = (name: string): Promise<Buffer | undefined> => target.ask(0, (signal) => read(bucket, name, signal));
  const put = async (name: string, bytes: Buffer): Promise<void> => void (await write(target, name, bytes, false));
  return {
    address,
    ...{ put, replace: put, find },
    create: (name, bytes) => write(target, name, bytes, true),
    get: async (name) => {
      const bytes = await find(name);
      if (bytes === undefined) throw new StartError('BACKUP_INCOMPLETE', `${name} is missing in ${address}: take another backup`);
      return bytes;
    },
    list: (folder) => list(target, folder),
    remove: async (name) => {
      const command = new DeleteObjectCommand({ Bucket: bucket.name, Key: bucket.keyBeside(name) });
      await target.ask(0, (abortSignal) => bucket.client.send(command, { abortSignal }));
    },
    close: () => bucket.client.destroy(),
  };
}

/** False where `isNew` is asked for and there is one of this name. A try whose answer was lost may have succeeded: the next one then meets its own. */
async function write({ bucket, ask }: Target, name: string, bytes: Buffer, isNew: boolean): Promise<boolean> {
  const putting = randomUUID();
  const command = {
    ...{ Bucket: bucket.name, Key: bucket.keyBeside(name), Body: bytes, ContentLength: bytes.length },
    ...{ ContentType: 'application/octet-stream', Metadata: { putting } },
    ChecksumSHA256: createHash('sha256').update(bytes).digest('base64'),
    ...(isNew ? { IfNoneMatch: '*' } : {}),
  };
  return ask(bytes.length, async (abortSignal, attempt) => {
    try {
      await bucket.client.send(new PutObjectCommand(command), { abortSignal });
      return true;
    } catch (error) {
      if (!isNew || !isPreconditionFailed(error)) throw error;
      return attempt > 1 && (await puttingOf(bucket, name, abortSignal)) === putting;
    }
  });
}

async function puttingOf(bucket: Bucket, name: string, abortSignal: AbortSignal): Promise<string | undefined> {
  const command = new HeadObjectCommand({ Bucket: bucket.name, Key: bucket.keyBeside(name) });
  const found = await bucket.client.send(command, { abortSignal }).catch((error: unknown) => {
    if (troubleOf(error).status === 404) return undefined;
    throw error;
  });
  return found?.Metadata?.putting;
}

/** Undefined where there is none; a bucket that is not there is not that. */
async function read(bucket: Bucket, name: string, abortSignal: AbortSignal): Promise<Buffer | undefined> {
  try {
    const command = new GetObjectCommand({ Bucket: bucket.name, Key: bucket.keyBeside(name) });
    const { Body, ContentLength = 0 } = await bucket.client.send(command, { abortSignal });
    const chunks: Buffer[] = [];
    for await (const chunk of Body as Readable) chunks.push(chunk as Buffer); // Of Node.js.
    const bytes = Buffer.concat(chunks);
    if (bytes.length < ContentLength) throw Object.assign(new Error('The answer broke off.'), { name: 'BrokenOff' });
    return bytes;
  } catch (error) {
    const { name: code, status } = troubleOf(error);
    if (status === 404 && code !== 'NoSuchBucket') return undefined;
    throw error;
  }
}

async function list({ bucket, ask }: Target, folder: string): Promise<{ name: string; sizeBytes: number }[]> {
  const root = bucket.keyBeside('');
  const files: { name: string; sizeBytes: number }[] = [];
  for (let ContinuationToken: string | undefined; ; ) {
    const command = new ListObjectsV2Command({
      ...{ Bucket: bucket.name, Prefix: `${root}${folder}/` },
      ...(ContinuationToken === undefined ? {} : { ContinuationToken }),
    });
    const page = await ask(0, (abortSignal) => bucket.client.send(command, { abortSignal }));
    for (const { Key = '', Size = 0 } of page.Contents ?? []) files.push({ name: Key.slice(root.length), sizeBytes: Size });
    ContinuationToken = page.NextContinuationToken;
    if (ContinuationToken === undefined) return files.sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

/** In one line that says what to do. */
function targetFailureOf(error: unknown, { bucket, settings }: TargetPlace, address: string): StartError {
  const { name, status } = troubleOf(error);
  const said = status === undefined ? name : `${name}, ${status}`;
  const fail = (code: string, words: string): StartError =>
    new StartError(code, words, Object.assign(new Error(`S3: ${said}`), { code: name }));
  if (isFull(error)) return fail('TARGET_FULL', `no room is left in ${address} (${said}): make some, or keep fewer backups`);
  if (isPassing(error))
    return fail(
      'TARGET_UNREACHABLE',
      `${address} does not answer (${said}): look at the service and the way to it, and try again`,
    );
  return fail('TARGET_REFUSED', refusalOf({ name, status, said }, { bucket, settings, address }));
}

function refusalOf(
  { name, status, said }: { readonly name: string; readonly status: number | undefined; readonly said: string },
  { bucket, settings, address }: { readonly bucket: string; readonly settings: string; readonly address: string },
): string {
  const key = `${settings}_ACCESS_KEY_ID`;
  if (REFUSED_KEYS.has(name))
    return `${key}, ${settings}_SECRET_ACCESS_KEY or ${settings}_REGION are refused (${said}): correct them`;
  if (status === 404) return `the bucket ${bucket} is not there: make it, or correct its name`;
  if (status === 403) return `${address} may not be listed, read, written and deleted in with ${key} (${said}): allow it`;
  return `${address} refuses (${said}): correct the settings ${settings}_…`;
}

import { S3Client } from '@aws-sdk/client-s3';
import { ID } from '../../../kernel/ids.ts';
import { type Patience, Retries } from './retries.ts';

/** Where objects are kept, and as whom. */
export interface S3Place {
  /** `https://s3.example:9000`; of Amazon by its region without. */
  readonly endpoint: string | undefined;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Before every key; empty, or with a slash at its end. */
  readonly prefix: string;
  /** The bucket in the path rather than in the host's name. */
  readonly forcePathStyle: boolean;
}

/** A bucket, how it is asked, and what keys are called in it. */
export interface Bucket {
  readonly client: S3Client;
  readonly name: string;
  /** Of what is no object: the mark of a store, trials. */
  readonly keyBeside: (name: string) => string;
  /** Before the id. */
  readonly objects: string;
  readonly keyOf: (id: string) => string;
  readonly retries: Retries;
}

/** The version is fixed (decision 70): that later ones want another Node.js is for who changes it, not a line for administrators. */
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const CONNECT_MS = 3_000;
const SOCKETS = 64;

/** Nothing is asked yet. Keys end in the id, so that their order is that of the ids. */
export function openBucket(place: S3Place, patience?: Patience): Bucket {
  const { endpoint, bucket, region, accessKeyId, secretAccessKey, prefix, forcePathStyle } = place;
  const client = new S3Client({
    ...(endpoint === undefined ? {} : { endpoint }),
    ...{ region, forcePathStyle, credentials: { accessKeyId, secretAccessKey } },
    // Every try is counted and timed in one place, with what comes after the headers: retries.ts.
    maxAttempts: 1,
    // Bytes are signed by their hash, which every server compares; more is asked for where it is kept (SHA-256).
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      httpAgent: { keepAlive: true, maxSockets: SOCKETS },
      httpsAgent: { keepAlive: true, maxSockets: SOCKETS },
    },
  });
  const objects = `${prefix}objects/`;
  return {
    client,
    name: bucket,
    objects,
    keyBeside: (name) => `${prefix}${name}`,
    keyOf: (id) => {
      if (!ID.test(id)) throw new TypeError('An object is named by a UUID.');
      return objects + id;
    },
    retries: new Retries(patience),
  };
}

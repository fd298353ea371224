import { StartError } from '../kernel/start-error.ts';
import type { Values } from './shape.ts';

/** A bucket of S3, and as whom it is used. */
export interface S3Settings {
  /** Undefined is Amazon's own, by the region. */
  readonly endpoint: string | undefined;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Empty, or with a slash at its end. */
  readonly prefix: string;
  readonly forcePathStyle: boolean;
  /** Bytes of objects that are kept on this machine because they were read. */
  readonly cacheBytes: number;
}

/** The bucket in the path, as most services that are not Amazon's want it. */
export const isPathStyle = ({ S3_FORCE_PATH_STYLE: asked, S3_ENDPOINT: endpoint }: Values): boolean =>
  asked === undefined ? endpoint !== undefined : asked === 'on';

/** Undefined where no bucket is named. Fails with SETTING_MISSING where something is missing that OBJECT_STORE=s3 needs. */
export function s3Of(values: Values): S3Settings | undefined {
  const { S3_BUCKET: bucket, S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = values;
  const given = Object.entries({ S3_BUCKET: bucket, S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey });
  if (bucket === undefined || accessKeyId === undefined || secretAccessKey === undefined) {
    const missing = given.filter(([, value]) => value === undefined).map(([name]) => name);
    if (values.OBJECT_STORE === 's3')
      throw new StartError(
        'SETTING_MISSING',
        `${missing[0]} is missing although OBJECT_STORE is s3: set ${given.map(([name]) => name).join(', ')}, or OBJECT_STORE=disk`,
      );
    return undefined;
  }
  return {
    ...{ endpoint: values.S3_ENDPOINT, bucket, region: values.S3_REGION, accessKeyId, secretAccessKey },
    prefix: values.S3_PREFIX === undefined ? '' : `${values.S3_PREFIX.replace(/\/+$/, '')}/`,
    forcePathStyle: isPathStyle(values),
    cacheBytes: values.S3_CACHE_BYTES,
  };
}

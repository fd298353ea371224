import { hasCeph, openCeph } from '../../apps/server/test/support/radosgw.ts';
import { S3Server } from '../../apps/server/test/support/s3-server.ts';
import type { Bench } from '../support/bench.ts';

interface Bucket {
  /** Of a server whose objects are kept there. */
  readonly settings: Readonly<Record<string, string>>;
  /** What it is. */
  readonly note: string;
}

/** An empty bucket: of Ceph where it is installed, else of the tests' own server, which keeps objects in memory. */
export async function openBucket(bench: Bench): Promise<Bucket> {
  if (hasCeph) {
    const { place, stop } = await openCeph();
    bench.defer(stop);
    const { endpoint = '', bucket, region, accessKeyId, secretAccessKey } = place;
    const address = { S3_ENDPOINT: endpoint, S3_BUCKET: bucket, S3_REGION: region };
    const keys = { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey };
    return { settings: { OBJECT_STORE: 's3', ...address, ...keys }, note: 'S3 is Ceph’s gateway on the same machine.' };
  }
  const server = await S3Server.open();
  bench.defer(async () => server.close());
  const { endpoint, bucket, keys } = server;
  const address = { S3_ENDPOINT: endpoint, S3_BUCKET: bucket, S3_REGION: 'us-east-1' };
  const settings = { ...address, S3_ACCESS_KEY_ID: keys.accessKeyId, S3_SECRET_ACCESS_KEY: keys.secretAccessKey };
  return {
    settings: { OBJECT_STORE: 's3', ...settings },
    note: 'S3 is the tests’ own server, in memory: Ceph is not installed.',
  };
}

import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Bench } from '../support/bench.ts';
import type { Headers } from '../support/client.ts';
import type { DataSet } from '../support/data.ts';
import { type Ours, startOurs } from '../support/ours.ts';
import { type Peer, startBare, startOrthanc } from '../support/peers.ts';

/** A server that takes a set by STOW-RS. */
export interface Taker {
  readonly work: string;
  readonly server: Ours | Peer;
  readonly url: string;
  readonly headers: Headers;
  /** The number of instances that it has, or what it has instead. */
  stored(): Promise<unknown>;
}

const json = async (url: string, headers: Headers = {}): Promise<Record<string, unknown>> =>
  (await (await fetch(url, { headers })).json()) as Record<string, unknown>; // Only the named counts are read, and compared.

export const storedByOurs = async (server: Ours): Promise<unknown> =>
  (await json(`${server.baseUrl}/api/stats/overview`, server.headers)).instances;

export async function ours(bench: Bench, work: string): Promise<Taker> {
  const server = await startOurs(bench);
  const { baseUrl, headers } = server;
  return { work, server, url: `${baseUrl}/dicom-web/studies`, headers, stored: () => storedByOurs(server) };
}

export async function orthanc(bench: Bench, work: string): Promise<Taker | undefined> {
  const server = await startOrthanc(bench);
  if (server === undefined) return undefined;
  const { baseUrl } = server;
  const stored = async (): Promise<unknown> => (await json(`${baseUrl}/statistics`)).CountInstances;
  return { work, server, url: `${baseUrl}/dicom-web/studies`, headers: {}, stored };
}

/** The limit: what comes is kept as one file a body, or as one an instance. */
export async function bare(bench: Bench, set: DataSet, files: 'whole' | 'each', work: string): Promise<Taker> {
  const server = await startBare(bench, files);
  const stored = async (): Promise<unknown> => {
    const sizes = readdirSync(server.folder).map((name) => statSync(path.join(server.folder, name)).size);
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    const isAll = files === 'whole' ? sizes.length === set.files.length : sizes.length === set.instances && bytes === set.bytes;
    return isAll ? set.instances : `${sizes.length} files of ${bytes} bytes`;
  };
  return { work, server, url: server.baseUrl, headers: {}, stored };
}

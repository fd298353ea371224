import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Bench } from '../support/bench.ts';
import { type Headers, type Load, postFiles } from '../support/client.ts';
import { bodiesOf, type DataSet, STOW_HEADERS } from '../support/data.ts';
import { type Ours, startOurs } from '../support/ours.ts';
import { type Peer, startOrthanc } from '../support/peers.ts';

const FILL_LIMIT_MS = 180_000;

/** One of the two DICOMweb servers. */
export interface Side {
  readonly name: 'ours' | 'Orthanc';
  readonly server: Peer;
  readonly headers: Headers;
}
export interface Sides {
  readonly ours: Side & { readonly server: Ours };
  readonly orthanc: Side | undefined;
}

async function fill(side: Side, set: DataSet): Promise<Load> {
  const headers = { ...STOW_HEADERS, ...side.headers };
  const load = await postFiles(`${side.server.baseUrl}/dicom-web/studies`, bodiesOf(set), headers, 8);
  if (load.failures > 0) throw new Error(`${side.name} refused ${load.failures} of ${load.requests} requests`);
  return load;
}

async function filledOurs(bench: Bench, sets: readonly DataSet[]): Promise<Sides['ours']> {
  const first = await startOurs(bench);
  for (const set of sets) await fill({ name: 'ours', server: first, headers: first.headers }, set);
  await first.stop();
  // Started again: nothing in its memory is what it was sent.
  const server = await startOurs(bench, first.dataDir);
  return { name: 'ours', server, headers: server.headers };
}

async function filledOrthanc(bench: Bench, sets: readonly DataSet[]): Promise<Side | undefined> {
  const storage = path.join(bench.cache, `orthanc-${sets.map(({ instances }) => instances).join('-')}`);
  const stamp = path.join(storage, 'filled.json');
  if (!existsSync(stamp)) {
    const first = await startOrthanc(bench, storage);
    if (first === undefined) return undefined;
    const side: Side = { name: 'Orthanc', server: first, headers: {} };
    const started = performance.now();
    for (const set of sets) {
      if (performance.now() - started > FILL_LIMIT_MS) bench.results.note('Filling Orthanc took more than 3 minutes.');
      await fill(side, set);
    }
    await first.stop();
    writeFileSync(stamp, JSON.stringify({ seconds: (performance.now() - started) / 1000 }));
  }
  const server = await startOrthanc(bench, storage);
  return server === undefined ? undefined : { name: 'Orthanc', server, headers: {} };
}

/** Both servers with the same instances, started again after they were filled. Orthanc's storage is kept in the cache: filling it takes minutes. */
export async function filledSides(bench: Bench, sets: readonly DataSet[]): Promise<Sides> {
  return { ours: await filledOurs(bench, sets), orthanc: await filledOrthanc(bench, sets) };
}

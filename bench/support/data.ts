import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Bench } from './bench.ts';
import { given } from './given.ts';

export const BOUNDARY = 'negatoscope-bench-body';
export const STOW_HEADERS = {
  'content-type': `multipart/related; type="application/dicom"; boundary=${BOUNDARY}`,
  accept: 'application/dicom+json',
} as const;

export interface SeriesUids {
  readonly study: string;
  readonly series: string;
  readonly instances: string[];
}
export interface Queries {
  readonly patient: readonly string[];
  readonly dates: readonly string[];
  readonly name: readonly string[];
}
/** One generated set: names of files are below its folder. */
export interface DataSet {
  readonly folder: string;
  readonly instances: number;
  /** Of the instances themselves. */
  readonly bytes: number;
  /** Ready STOW-RS bodies. */
  readonly files: readonly string[];
  readonly zip?: string;
  readonly frames?: readonly string[];
  readonly series?: readonly SeriesUids[];
  readonly queries?: Queries;
}

export type Kind = 'ct' | 'small' | 'images' | 'studies' | 'series' | 'zip';

/** A set of generated data from the cache, made by another process when it is not there. */
export async function dataSet({ cache }: Bench, kind: Kind, count: number): Promise<DataSet> {
  const folder = path.join(cache, `${kind}-${count}`);
  if (!existsSync(folder)) {
    rmSync(`${folder}.draft`, { recursive: true, force: true });
    const args = [path.join(given('BENCH_BUNDLES'), 'bench-generate.mjs'), kind, String(count), folder];
    const child = spawn(process.execPath, args, { stdio: 'inherit' });
    const code = await new Promise((resolve) => child.once('exit', resolve));
    if (code !== 0) throw new Error(`Generating ${kind} failed`);
  }
  const manifest = JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')) as Omit<DataSet, 'folder' | 'files'> & {
    files?: string[];
  }; // Written by helpers/generate.bench.ts.
  return { files: [], ...manifest, folder };
}

export const bodiesOf = ({ folder, files }: DataSet): string[] => files.map((name) => path.join(folder, name));

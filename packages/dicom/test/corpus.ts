import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { DicomError } from '../src/errors.ts';

/** Real files with their expected results; not part of the repository. */
export const CORPUS = process.env.NEGATOSCOPE_TESTDATA || resolve(import.meta.dirname, '../../../../shared/testdata/dicom');
export const HAS_CORPUS = existsSync(resolve(CORPUS, 'MANIFEST.csv'));
export const NO_CORPUS = HAS_CORPUS ? '' : ' (skipped: test data not found, set NEGATOSCOPE_TESTDATA)';

export type ManifestRow = Readonly<Record<string, string>>;

/** The lines of MANIFEST.csv by column; none when the test data is absent. */
export function manifest(): ManifestRow[] {
  if (!HAS_CORPUS) return [];
  const [header = [], ...rows] = csv(readFileSync(resolve(CORPUS, 'MANIFEST.csv'), 'utf8'));
  return rows.map((row) => Object.fromEntries(header.map((name, index) => [name, row[index] ?? ''])));
}

export function csv(text: string): string[][] {
  const rows: string[][] = [];
  for (const line of text.split(/\r?\n(?=(?:[^"]*"[^"]*")*[^"]*$)/)) {
    if (line === '') continue;
    const cells = line.match(/("([^"]|"")*"|[^,]*)(,|$)/g) ?? [];
    rows.push(cells.map((cell) => cell.replace(/,$/, '').replace(/^"|"$/g, '').replaceAll('""', '"')));
  }
  return rows;
}

export function readCorpus(file: string): Uint8Array {
  return new Uint8Array(readFileSync(resolve(CORPUS, file)));
}

export function readOracle(path: string): unknown {
  return JSON.parse(readFileSync(resolve(CORPUS, path), 'utf8'));
}

export function sha256(...parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/** The inflater the server has too: Node's, with its output cap. */
export function inflateRaw(bytes: Uint8Array, maxOutputBytes: number): Uint8Array {
  try {
    return new Uint8Array(inflateRawSync(bytes, { maxOutputLength: maxOutputBytes }));
  } catch (error) {
    const isLimit = error instanceof RangeError;
    throw new DicomError(isLimit ? 'INFLATE_LIMIT' : 'INFLATE_FAILED');
  }
}

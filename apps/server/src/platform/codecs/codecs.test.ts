import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CodecPool } from './pool.ts';
import { frameOfFile, TEST_DATA } from './test-frames.ts';

const manifest = path.join(TEST_DATA, 'MANIFEST.csv');
const hasData = existsSync(manifest);

/** Rows of the manifest; its fields hold commas only inside quotes. */
function rows(): Record<string, string>[] {
  const split = (line: string): string[] =>
    [...line.matchAll(/("([^"]*)"|[^,]*)(,|$)/g)].map((match) => match[2] ?? match[1] ?? '');
  const [head = '', ...lines] = readFileSync(manifest, 'utf8').trim().split(/\r?\n/);
  const names = split(head);
  return lines.map((line) => Object.fromEntries(split(line).map((value, index) => [names[index] ?? '', value])));
}

const pool = new CodecPool();
afterAll(() => pool.close());

async function outcome(row: Record<string, string>): Promise<string> {
  try {
    const frame = frameOfFile(row.file ?? '');
    const { pixels } = await pool.decodeFrame(frame);
    if (row.pixel_sha256 === '') return 'decoded';
    return createHash('sha256')
      .update(row.file === SHARED ? sharedAgain(pixels) : pixels)
      .digest('hex') === row.pixel_sha256
      ? 'match'
      : 'mismatch';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : `no frame`;
  }
}

/** Stored with shared chrominance, decoded with three samples a pixel: sharing it again must give the published bytes. */
const SHARED = 'pydicom/SC_ybr_full_422_uncompressed.dcm';

const sharedAgain = (pixels: Uint8Array): Uint8Array =>
  Uint8Array.from({ length: (pixels.length / 3) * 2 }, (_, i) => pixels[(i >> 2) * 6 + ([0, 3, 1, 2][i & 3] ?? 0)] ?? 0);

describe.skipIf(!hasData)('pixels of the test files (absent without the shared test data)', () => {
  it('gives the published bytes of every frame that has one right answer (PS3.5 8 and annex A)', {
    timeout: 240_000,
  }, async () => {
    const table: string[] = [];
    const wrong: string[] = [];
    const lossy = { match: 0, mismatch: 0 };
    for (const row of rows().filter((candidate) => candidate.pixel_sha256 !== '')) {
      const result = await outcome(row);
      table.push(`${result.padEnd(16)} ${(row.pixel_exact ?? '').padEnd(22)} ${row.transfer_syntax_uid?.padEnd(24)} ${row.file}`);
      if (row.pixel_exact !== 'exact') lossy[result === 'match' ? 'match' : 'mismatch'] += 1;
      if (result !== 'match' && row.pixel_exact === 'exact') wrong.push(`${row.file}: ${result}`);
    }
    if (process.env.NEGATOSCOPE_SHOW_TABLE === '1') console.log(table.sort().join('\n'));
    expect(wrong).toEqual([]);
    expect(lossy).toEqual({ match: 33, mismatch: 0 });
  });

  it('answers broken files with FRAME_UNREADABLE or what can be decoded, and lives on', { timeout: 120_000 }, async () => {
    const results: string[] = [];
    for (const row of rows().filter((candidate) => candidate.expected !== 'ok'))
      results.push(`${await outcome(row)} ${row.file}`);
    if (process.env.NEGATOSCOPE_SHOW_TABLE === '1') console.log(results.sort().join('\n'));
    expect(results.filter((result) => result.startsWith('mismatch'))).toEqual([]);
  });
});

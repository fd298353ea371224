import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CodecPool } from '../../src/platform/codecs/pool.ts';
import { TEST_DATA } from '../../src/platform/codecs/test-frames.ts';
import { hasPictureTools, unexpected } from './dcmtk-pictures.ts';

const pool = new CodecPool({ threads: 2 });
afterAll(() => pool.close());
const MANIFEST = path.join(TEST_DATA, 'MANIFEST.csv');

describe.skipIf(!hasPictureTools || !existsSync(MANIFEST))(
  'pictures beside those of DCMTK (absent without DCMTK and the test data)',
  () => {
    it('are at most one gray level apart, save where it is said why, every frame of every file', {
      timeout: 3_000_000,
    }, async () => {
      const files = readFileSync(MANIFEST, 'utf8')
        .trim()
        .split(/\r?\n/)
        .slice(1)
        .flatMap((line) => line.split(',')[0] ?? []);
      const { compared, lines } = await unexpected(pool, files);
      console.log(`${compared} frames compared`);
      expect(lines).toEqual([]);
    });
  },
);

import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CodecPool } from '../../src/platform/codecs/pool.ts';
import { TEST_DATA } from '../../src/platform/codecs/test-frames.ts';
import { BY_KIND } from './dcmtk-expected.ts';
import { hasPictureTools, unexpected } from './dcmtk-pictures.ts';

const pool = new CodecPool({ threads: 2 });
afterAll(() => pool.close());

describe.skipIf(!hasPictureTools || !existsSync(path.join(TEST_DATA, 'MANIFEST.csv')))(
  'pictures beside those of DCMTK (absent without DCMTK and the test data)',
  () => {
    it('are at most one gray level apart, save where it is said why, for one file of every second kind', {
      timeout: 300_000,
    }, async () => {
      const { compared, lines } = await unexpected(
        pool,
        BY_KIND.filter((_file, place) => place % 2 === 0),
        3,
      );
      expect(lines).toEqual([]);
      expect(compared).toBeGreaterThanOrEqual(11);
    });
  },
);

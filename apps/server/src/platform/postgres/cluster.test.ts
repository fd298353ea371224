import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { PostgresBinaries } from './binaries.ts';
import { initCluster } from './cluster.ts';

// As initdb does for a user without a name: one line, and not the word "error" in it.
test('why no database could be made is said in the words of the program, whatever they are', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-cluster-'));
  const binaries: PostgresBinaries = { initdb: '/bin/sh', postgres: '', fingerprint: '' };
  expect(() => initCluster(binaries, path.join(folder, '18'), { kind: 'plain' }, false)).toThrow(
    /cannot create the database in .*option/i,
  );
});

import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { repairLibraryLinks } from './binaries.ts';

test('makes the library links that a forbidden install script left out, and replaces dangling ones', () => {
  const packageDir = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-links-'));
  const lib = path.join(packageDir, 'native', 'lib');
  mkdirSync(lib, { recursive: true });
  writeFileSync(path.join(lib, 'libone.so.1.2'), 'one');
  symlinkSync('nowhere', path.join(lib, 'libone.so.1'));
  const links = ['native/lib/libone.so', 'native/lib/libone.so.1'].map((target) => ({
    source: 'native/lib/libone.so.1.2',
    target,
  }));
  writeFileSync(path.join(packageDir, 'native', 'pg-symlinks.json'), JSON.stringify(links));

  expect(repairLibraryLinks(packageDir)).toBe(2);
  expect(readFileSync(path.join(lib, 'libone.so.1'), 'utf8')).toBe('one');
  expect(repairLibraryLinks(packageDir)).toBe(0);
  rmSync(packageDir, { recursive: true });
});

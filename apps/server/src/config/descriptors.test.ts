import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { shareDescriptors, softFileLimit } from './descriptors.ts';

const LIMITS = (files: string): string =>
  `Limit                     Soft Limit           Hard Limit           Units
Max core file size        0                    unlimited            bytes
Max open files            ${files}            1048576              files
Max locked memory         8388608              8388608              bytes
`;

describe('the limit of open files', () => {
  test('is the soft one of those that the kernel tells (proc(5))', () => {
    expect(softFileLimit(LIMITS('4096     '))).toBe(4096);
    expect(softFileLimit(LIMITS('unlimited'))).toBe(Number.POSITIVE_INFINITY);
  });

  test('is unknown where nothing is said of it', () => {
    expect(softFileLimit('')).toBeUndefined();
    expect(softFileLimit('Max open files\n')).toBeUndefined();
  });

  test.runIf(process.platform === 'linux')('is the same that a report of the process tells', () => {
    const report = process.report.getReport() as { userLimits: { open_files: { soft: number | string } } }; // Node.js describes it.
    const { soft } = report.userLimits.open_files;
    expect(softFileLimit(readFileSync('/proc/self/limits', 'latin1'))).toBe(
      soft === 'unlimited' ? Number.POSITIVE_INFINITY : soft,
    );
  });
});

test('three eighths of the open files are for connections, a quarter for those that wait, none more than is of use', () => {
  expect(shareDescriptors(1024)).toEqual({ connections: 384, waiting: 256, cachedFiles: 256 });
  expect(shareDescriptors(1_048_576)).toEqual({ connections: 4096, waiting: 1024, cachedFiles: 512 });
});

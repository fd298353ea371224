import { expect, it } from 'vitest';
import { scan } from './byte-scan.ts';

it('of 200 files with names, numbers and UIDs in attributes of every kind no byte of them is left', { timeout: 60_000 }, () => {
  expect(scan(200)).toEqual({ left: [], refused: 0, hadNone: 0 });
});

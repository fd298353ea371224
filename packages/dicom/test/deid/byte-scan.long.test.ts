import { expect, it } from 'vitest';
import { scan } from './byte-scan.ts';

it('of 2,000 files with names, numbers and UIDs in attributes of every kind no byte of them is left', {
  timeout: 600_000,
}, () => {
  expect(scan(2000)).toEqual({ left: [], refused: 0, hadNone: 0 });
});

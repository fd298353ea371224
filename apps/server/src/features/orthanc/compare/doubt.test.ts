import { describe, expect, test } from 'vitest';
import { doubtOf } from './doubt.ts';

const calm = { told: null, recycles: false, known: 1_000, unlisted: 20, lately: 0, due: 0 };

describe('what is missing in Orthanc is held where more than a deletion may have happened', () => {
  test.each([
    [{}, undefined],
    [{ unlisted: 100 }, undefined],
    [{ unlisted: 101 }, 'TOO_MANY'],
    // Little by little, all the same.
    [{ unlisted: 20, lately: 90 }, 'TOO_MANY'],
    [{ known: 1, unlisted: 1 }, 'EMPTIED'],
    [{ unlisted: 1_000 }, 'EMPTIED'],
    [{ recycles: true }, 'RECYCLES'],
    [{ recycles: true, unlisted: 0 }, undefined],
    [{ recycles: true, unlisted: 0, due: 1 }, 'RECYCLES'],
    [{ unlisted: 0, due: 1 }, undefined],
    [{ told: 'RESTORED' }, 'RESTORED'],
    [{ told: 'REPLACED', unlisted: 1 }, 'REPLACED'],
    [{ told: 'REPLACED', unlisted: 0 }, undefined],
    [{ known: 0, unlisted: 0 }, undefined],
  ] as const)('%j: %s', (found, doubt) => {
    expect(doubtOf({ ...calm, ...found })).toBe(doubt);
  });
});

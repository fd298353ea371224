import { describe, expect, test } from 'vitest';
import { type Beat, type IngestSession, onBeat } from './session.ts';

/** A clock that stands but for the pauses and for what the work takes. */
function clock(): Beat & { work(ms: number): void; readonly pauses: number[] } {
  let time = 12_345.6;
  const pauses: number[] = [];
  return {
    pauses,
    now: () => time,
    work: (ms) => {
      time += ms;
    },
    pause: async (ms) => {
      pauses.push(ms);
      time += ms;
    },
  };
}

const sessionOf = (commit: IngestSession['commit']): IngestSession => ({
  importId: '01900000-0000-7000-8000-000000000000',
  receive: () => Promise.reject(new TypeError('not asked')),
  discard: async () => undefined,
  commit,
});

describe('commits of who may not learn what others have', () => {
  test.each([
    [12.5, 100],
    [14, 100],
    [99.9, 100],
    [130, 200],
  ])('end on a beat: work of %d ms is answered after %d', async (work, answered) => {
    const beat = clock();
    const begun = beat.now();
    const session = sessionOf(async () => {
      beat.work(work);
      return [];
    });
    await onBeat(session, beat).commit([]);
    expect(beat.now() - begun).toBeCloseTo(answered, 6);
  });

  test('end on a beat when they fail, with their failure', async () => {
    const beat = clock();
    const begun = beat.now();
    const failure = new RangeError('no room');
    const session = sessionOf(async () => {
      beat.work(31);
      throw failure;
    });
    await expect(onBeat(session, beat).commit([])).rejects.toBe(failure);
    expect(beat.now() - begun).toBeCloseTo(100, 6);
    expect(beat.pauses).toHaveLength(1);
  });
});

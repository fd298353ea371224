import { describe, expect, test } from 'vitest';
import { Breaker } from './breaker.ts';
import { orthancIdOf } from './orthanc-id.ts';
import { retryAfterMs } from './retry.ts';

function breakerAt() {
  let now = 0;
  const breaker = new Breaker(() => now);
  return {
    breaker,
    wait: (ms: number) => {
      now += ms;
    },
  };
}

describe('the breaker', () => {
  test('opens after six failures in a row, and one that comes between begins anew', () => {
    const { breaker } = breakerAt();
    for (let n = 0; n < 5; n += 1) breaker.failed();
    breaker.succeeded();
    for (let n = 0; n < 5; n += 1) breaker.failed();
    expect(breaker.isOpen).toBe(false);
    breaker.failed();
    expect(breaker.isOpen).toBe(true);
  });

  test('waits twice as long each time, half a minute at most, then one failure is enough, and one success ends it', () => {
    const { breaker, wait } = breakerAt();
    breaker.open();
    const pauses: number[] = [];
    for (let n = 0; n < 7; n += 1) {
      let waited = 0;
      for (; breaker.isOpen; waited += 500) wait(500);
      pauses.push(waited);
      breaker.failed();
    }
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    wait(30_000);
    breaker.succeeded();
    breaker.failed();
    expect(breaker.isOpen).toBe(false);
  });
});

test('what did not come is asked for again within ten seconds and then ever more rarely', () => {
  expect([1, 2, 3, 10, 1_000].map((attempts) => retryAfterMs(attempts, 'soon'))).toEqual([
    10_000, 20_000, 40_000, 600_000, 600_000,
  ]);
  expect([1, 2, 1_000].map((attempts) => retryAfterMs(attempts, 'late'))).toEqual([60_000, 120_000, 86_400_000]);
});

test('an instance is called by Orthanc as its Patient ID and UIDs hash', () => {
  const id = orthancIdOf({ patientId: 'P', studyInstanceUid: '1.2', seriesInstanceUid: '1.3', sopInstanceUid: '1.4' });
  expect(id).toBe('a57c404c-542a4d42-9a4ae318-178f75ba-069c76b9');
});

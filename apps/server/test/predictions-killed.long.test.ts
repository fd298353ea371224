import { expect, test } from 'vitest';
import { killWhilePredicting } from './support/killed-predictions.ts';

test.skipIf(process.platform !== 'linux')(
  'a thousand predictions while the process of the model is killed ten times: each is answered once',
  { timeout: 900_000 },
  async () => {
    expect(await killWhilePredicting(1_000, 10)).toBe(10);
  },
);

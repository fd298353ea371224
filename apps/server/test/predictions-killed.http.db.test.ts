import { expect, test } from 'vitest';
import { killWhilePredicting } from './support/killed-predictions.ts';

test.skipIf(process.platform !== 'linux')(
  'fifty predictions while the process of the model is killed three times: each is answered once',
  { timeout: 180_000 },
  async () => {
    expect(await killWhilePredicting(50, 3)).toBe(3);
  },
);

import { expect, test } from 'vitest';
import { killWhilePredicting } from './support/killed-predictions.ts';

test.skipIf(process.platform !== 'linux')(
  '12 predictions while the process of the model is killed: each is answered once',
  { timeout: 180_000 },
  async () => {
    expect(await killWhilePredicting(12, 1)).toBe(1);
  },
);

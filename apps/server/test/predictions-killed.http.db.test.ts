import { expect, test } from 'vitest';
import { killWhilePredicting } from './support/killed-predictions.ts';

test.skipIf(process.platform !== 'linux')(
  '24 predictions while the process of the model is killed twice: each is answered once',
  { timeout: 180_000 },
  async () => {
    expect(await killWhilePredicting(24, 2)).toBe(2);
  },
);

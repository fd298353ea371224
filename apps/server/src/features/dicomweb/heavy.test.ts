import { expect, test } from 'vitest';
import { workMemory } from '../../platform/sending/byte-budget.ts';
import { createHeavyWork } from './heavy.ts';

test('a picture does not wait for those who wait for the thread', async () => {
  const heavy = createHeavyWork();
  const ended: string[] = [];
  const model = async (): Promise<void> => {
    await heavy.model(Buffer.from('{}'));
    ended.push('model');
  };
  const models = [model(), model(), model()];
  await workMemory.use(16 * 1024 * 1024, async () => {
    ended.push('picture');
  });
  await Promise.all(models);
  await heavy.close();
  expect(ended).toEqual(['picture', 'model', 'model', 'model']);
  expect(workMemory.usedBytes).toBe(0);
});

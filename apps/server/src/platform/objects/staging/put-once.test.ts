import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { MadeObject } from './index.ts';

test('the hash of an object is that of its bytes, and of none once they are let go', async () => {
  const [kept, elsewhere, given] = [1, 2, 3].map((value) => new MadeObject(Buffer.of(value)));
  kept?.claim();
  kept?.settled();
  expect(await kept?.sha256()).toEqual(createHash('sha256').update(Buffer.of(1)).digest());
  elsewhere?.claim();
  await elsewhere?.settledElsewhere();
  await given?.discard();
  await expect(elsewhere?.sha256()).rejects.toThrow('let go');
  await expect(given?.sha256()).rejects.toThrow('let go');
});

import { expect, test } from 'vitest';
import { neverBack } from './told-progress.ts';

test('the objects that were looked at never become fewer than those that were copied: the second round is told behind the first', () => {
  const told = neverBack();
  const at = (objects: number, copiedObjects: number) => told({ objects, copiedObjects, copiedBytes: 0, damaged: 0 });
  expect([at(95, 92), at(340, 340), at(4, 340), at(341, 341)].map(({ objects }) => objects)).toEqual([95, 340, 340, 341]);
});

import { expect, test } from 'vitest';
import { reasonOf, storageReason } from './reasons.ts';
import { Rejection } from './rejection.ts';

const systemError = (code: string): Error => Object.assign(new Error(code), { code, syscall: 'open', errno: -28 });

test('a disk that is full or fails is no fault of the file: it is never called unreadable', () => {
  expect(() => reasonOf(systemError('ENOSPC'))).toThrow(expect.objectContaining({ code: 'STORAGE_FULL' }));
  expect(() => reasonOf(systemError('EIO'))).toThrow(expect.objectContaining({ code: 'UNAVAILABLE' }));
  expect(reasonOf(new Rejection('TRUNCATED'))).toBe('TRUNCATED');
  expect(storageReason(new Rejection('TRUNCATED'))).toBeUndefined();
});

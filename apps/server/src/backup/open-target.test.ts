import { expect, test } from 'vitest';
import { requireSealed } from './open-target.ts';

test('nothing goes to a bucket without a key, unless it is wanted so; a folder is the site’s own', () => {
  const refused = expect.objectContaining({ code: 'BACKUP_KEY_MISSING', message: expect.stringContaining('BACKUP_PLAIN=yes') });
  const [none, key] = [undefined, 'a'.repeat(64)];
  expect(() => requireSealed('s3://backup/site', { key: none, isPlainWanted: false })).toThrow(refused);
  expect(() => requireSealed('s3://backup/site', { key: none, isPlainWanted: true })).not.toThrow();
  expect(() => requireSealed('s3://backup/site', { key, isPlainWanted: false })).not.toThrow();
  expect(() => requireSealed('/mnt/backup', { key: none, isPlainWanted: false })).not.toThrow();
});

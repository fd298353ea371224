import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';
import type { KeyedHash } from '@negatoscope/dicom';
import { hashBy, KEY_BYTES } from '../../../archive/deidentified/index.ts';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** A new key, sealed (AES-256-GCM) for this project: it counts in no other row. */
export function newSealedKey(sealer: KeyObject, projectId: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', sealer, iv).setAAD(Buffer.from(projectId));
  return Buffer.concat([iv, cipher.update(randomBytes(KEY_BYTES)), cipher.final(), cipher.getAuthTag()]);
}

/** The hash by a project's key; undefined where the key can't be opened: the server's is another, or the row was changed. */
export function openHash(sealer: KeyObject, sealed: Buffer, projectId: string): KeyedHash | undefined {
  if (sealed.length !== IV_BYTES + KEY_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', sealer, sealed.subarray(0, IV_BYTES)).setAAD(Buffer.from(projectId));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    return hashBy(Buffer.concat([decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]));
  } catch {
    return undefined;
  }
}

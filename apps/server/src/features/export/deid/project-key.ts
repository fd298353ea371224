import { type KeyObject, randomBytes } from 'node:crypto';
import type { KeyedHash } from '@negatoscope/dicom';
import { hashBy, KEY_BYTES } from '../../../archive/deidentified/index.ts';
import { openSealed, seal } from '../../../kernel/sealing.ts';

/** A new key, sealed for this project: it counts in no other row. */
export const newSealedKey = (sealer: KeyObject, projectId: string): Buffer => seal(sealer, randomBytes(KEY_BYTES), projectId);

/** The hash by a project's key; undefined where the key can't be opened: the server's is another, or the row was changed. */
export function openHash(sealer: KeyObject, sealed: Buffer, projectId: string): KeyedHash | undefined {
  const key = openSealed(sealer, sealed, projectId);
  return key?.length === KEY_BYTES ? hashBy(key) : undefined;
}

import { createCipheriv, createDecipheriv, randomBytes, randomUUID, scryptSync } from 'node:crypto';
import { z } from 'zod';
import { StartError } from '../../kernel/start-error.ts';
import type { BackupTarget } from './target.ts';

/** The one file in clear: what this folder is, and the key of its contents, which the administrator's key wraps. */
export const HEADER_NAME = 'negatoscope-backup.json';
const FORMAT = 1;
const SCRYPT = { N: 2 ** 15, r: 8, p: 1, maxmem: 128 * 2 ** 20 } as const;
const SHORTEST_KEY = 32;

const Header = z.object({
  format: z.number().int(),
  id: z.uuid(),
  /** Without the administrator's key, the contents' own stands here: who reads the folder reads the backup. */
  open: z.string().optional(),
  sealed: z.object({ salt: z.string(), nonce: z.string(), key: z.string() }).optional(),
});

export interface UnlockedRepository {
  readonly id: string;
  readonly key: Buffer;
  readonly isEncrypted: boolean;
}

const refuse = (code: string, message: string): StartError => new StartError(code, message);
const wrapping = (given: string, salt: Buffer): Buffer => scryptSync(given, salt, 32, SCRYPT);

/** The administrator's key as its file has it. Fails with BACKUP_KEY_SHORT. */
export function readKey(text: string): string {
  const key = text.trim();
  if (key.length >= SHORTEST_KEY) return key;
  throw refuse(
    'BACKUP_KEY_SHORT',
    `the key has ${key.length} characters, at least ${SHORTEST_KEY} are needed: make one by "npm run backup -- new-key FILE"`,
  );
}

export const newKey = (): string => randomBytes(32).toString('hex');

function wrap(given: string, key: Buffer): z.infer<typeof Header>['sealed'] {
  const salt = randomBytes(16);
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', wrapping(given, salt), nonce);
  const wrapped = Buffer.concat([cipher.update(key), cipher.final(), cipher.getAuthTag()]);
  return { salt: salt.toString('base64'), nonce: nonce.toString('base64'), key: wrapped.toString('base64') };
}

function unwrap(given: string, { salt, nonce, key }: NonNullable<z.infer<typeof Header>['sealed']>): Buffer {
  const wrapped = Buffer.from(key, 'base64');
  try {
    const decipher = createDecipheriv('aes-256-gcm', wrapping(given, Buffer.from(salt, 'base64')), Buffer.from(nonce, 'base64'), {
      authTagLength: 16,
    });
    decipher.setAuthTag(wrapped.subarray(-16));
    return Buffer.concat([decipher.update(wrapped.subarray(0, -16)), decipher.final()]);
  } catch (cause) {
    throw new StartError('BACKUP_KEY_WRONG', 'this is not the key that the backup was made with: give that one', cause);
  }
}

/** Fails with BACKUP_NONE, BACKUP_NEWER, BACKUP_KEY_MISSING, BACKUP_KEY_UNUSED or BACKUP_KEY_WRONG. */
export async function unlockRepository(target: BackupTarget, given: string | undefined): Promise<UnlockedRepository> {
  const bytes = await target.find(HEADER_NAME);
  if (bytes === undefined) throw refuse('BACKUP_NONE', `${target.address} holds no backup`);
  const { id, open, sealed } = readHeader(bytes, target.address);
  if (sealed !== undefined) {
    if (given === undefined)
      throw refuse('BACKUP_KEY_MISSING', 'this backup is encrypted: give its key by --key-file or BACKUP_KEY_FILE');
    return { id, key: unwrap(given, sealed), isEncrypted: true };
  }
  if (given !== undefined)
    throw refuse(
      'BACKUP_KEY_UNUSED',
      `${target.address} was begun without a key and would stay open: back up to another folder, or leave the key out`,
    );
  return { id, key: Buffer.from(open ?? '', 'base64'), isEncrypted: false };
}

/** The same, and makes a new one where there is none. */
export async function openRepository(target: BackupTarget, given: string | undefined): Promise<UnlockedRepository> {
  if ((await target.find(HEADER_NAME)) === undefined) {
    const key = randomBytes(32);
    const contents = given === undefined ? { open: key.toString('base64') } : { sealed: wrap(given, key) };
    // Two that begin at once end with one header.
    await target.create(
      HEADER_NAME,
      Buffer.from(`${JSON.stringify({ format: FORMAT, id: randomUUID(), ...contents }, undefined, 2)}\n`),
    );
  }
  return unlockRepository(target, given);
}

function readHeader(bytes: Buffer, address: string): z.infer<typeof Header> {
  try {
    const header = Header.parse(JSON.parse(bytes.toString('utf8')));
    if (header.format === FORMAT) return header;
  } catch (cause) {
    throw new StartError('BACKUP_DAMAGED', `${HEADER_NAME} in ${address} can't be read: put it back from a copy`, cause);
  }
  throw refuse('BACKUP_NEWER', `${address} was written by a newer version of Negatoscope: restore with that one`);
}

import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { StartError } from '../../kernel/start-error.ts';

/*
 * A sealed file, after the STREAM construction (as age and Tink use it): a random key of its own, which the key of the backup wraps, and frames of
 * 256 KiB, each encrypted and authenticated by AES-256-GCM under a counter and a mark on the last one. So no frame can be changed, moved, left out or
 * cut off without its being seen, and one can be read without those before it.
 *
 *   8  NGSEAL1 and a line feed
 *  12  nonce, 32 the wrapped key, 16 its tag; the file's name is authenticated with it, so that no file stands for another
 *   …  frames: up to 256 KiB, and 16 bytes of tag
 */
const MAGIC = Buffer.from('NGSEAL1\n');
const FRAME = 256 * 1024;
const TAG = 16;
const NONCE = 12;
const KEY = 32;
const HEADER = MAGIC.length + NONCE + KEY + TAG;
const SEALED_FRAME = FRAME + TAG;
const CIPHER = 'aes-256-gcm';

const wrapKeyOf = (key: Buffer): Buffer =>
  Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), 'negatoscope backup: key of a file', KEY));

function nonceOf(index: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(NONCE);
  nonce.writeUIntBE(index, NONCE - 7, 6);
  nonce[NONCE - 1] = isLast ? 1 : 0;
  return nonce;
}

function seal(key: Buffer, nonce: Buffer, bytes: Buffer, about?: Buffer): Buffer[] {
  const cipher = createCipheriv(CIPHER, key, nonce);
  if (about !== undefined) cipher.setAAD(about);
  return [cipher.update(bytes), cipher.final(), cipher.getAuthTag()];
}

function open(key: Buffer, nonce: Buffer, sealed: Buffer, about?: Buffer): Buffer {
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG });
  if (about !== undefined) decipher.setAAD(about);
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG));
  return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - TAG)), decipher.final()]);
}

/** The event loop may turn between frames: a job process has other work. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export async function sealFile(key: Buffer, name: string, bytes: Buffer): Promise<Buffer> {
  const fileKey = randomBytes(KEY);
  const nonce = randomBytes(NONCE);
  const sealed = [MAGIC, nonce, ...seal(wrapKeyOf(key), nonce, fileKey, Buffer.from(name))];
  const last = Math.max(0, Math.ceil(bytes.length / FRAME) - 1);
  for (let index = 0; index <= last; index += 1) {
    sealed.push(...seal(fileKey, nonceOf(index, index === last), bytes.subarray(index * FRAME, (index + 1) * FRAME)));
    if (index % 8 === 7) await turn();
  }
  return Buffer.concat(sealed);
}

const damaged = (name: string, how: string, cause?: unknown): StartError =>
  new StartError('BACKUP_DAMAGED', `${name} ${how}: take another backup, or another copy of this file`, cause);

/** Reads what was sealed, frame by frame. Everything that is wrong is BACKUP_DAMAGED with the file's name. */
export class SealedFile {
  readonly #name: string;
  readonly #sealed: Buffer;
  readonly #key: Buffer;
  readonly #last: number;
  /** The frame that was opened last: what follows is mostly in it. */
  #opened: { index: number; bytes: Buffer } | undefined;

  constructor(key: Buffer, name: string, sealed: Buffer) {
    this.#name = name;
    this.#sealed = sealed;
    if (sealed.length < HEADER + TAG || !sealed.subarray(0, MAGIC.length).equals(MAGIC))
      throw damaged(name, 'was cut off or is no file of a backup');
    const nonce = sealed.subarray(MAGIC.length, MAGIC.length + NONCE);
    try {
      this.#key = open(wrapKeyOf(key), nonce, sealed.subarray(MAGIC.length + NONCE, HEADER), Buffer.from(name));
    } catch (cause) {
      throw damaged(name, 'is damaged at its beginning, or stands for another file', cause);
    }
    this.#last = Math.ceil((sealed.length - HEADER) / SEALED_FRAME) - 1;
    // The last frame carries the mark: a file that was cut at the end of another fails here.
    this.#frame(this.#last);
  }

  get sizeBytes(): number {
    return this.#sealed.length - HEADER - TAG * (this.#last + 1);
  }

  read(offset: number, length: number): Buffer {
    if (offset + length > this.sizeBytes) throw damaged(this.#name, 'is shorter than it was');
    const parts: Buffer[] = [];
    for (let at = offset; at < offset + length; ) {
      const index = Math.floor(at / FRAME);
      const start = at - index * FRAME;
      const part = this.#frame(index).subarray(start, Math.min(FRAME, start + offset + length - at));
      parts.push(part);
      at += part.length;
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  }

  #frame(index: number): Buffer {
    if (this.#opened?.index === index) return this.#opened.bytes;
    const start = HEADER + index * SEALED_FRAME;
    const sealed = this.#sealed.subarray(start, start + SEALED_FRAME);
    if (sealed.length < TAG) throw damaged(this.#name, 'was cut off');
    try {
      const bytes = open(this.#key, nonceOf(index, index === this.#last), sealed);
      this.#opened = { index, bytes };
      return bytes;
    } catch (cause) {
      throw damaged(this.#name, `is damaged near byte ${start}, or was cut off`, cause);
    }
  }
}

import { createHmac, timingSafeEqual } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';

/** Head of the chain at some moment, kept outside the database: cutting, rebuilding or rolling back the chain contradicts it. */
export interface Anchor {
  readonly sequence: number;
  readonly hash: string;
}

const FILE = 'anchors.log';
const sign = (key: Buffer, line: string): string => createHmac('sha256', key).update(`anchor ${line}`).digest('hex');

/** Appends one line `<time> <sequence> <hash> <HMAC>` and makes it durable. */
export async function appendAnchor(folder: string, key: Buffer, anchor: Anchor, at: Date): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const line = `${at.toISOString()} ${anchor.sequence} ${anchor.hash}`;
  const file = await open(path.join(folder, FILE), 'a', 0o600);
  try {
    await file.write(`${line} ${sign(key, line)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Every anchor whose signature holds, and whether any line did not. No file yet is no anchor. */
export async function readAnchors(folder: string, key: Buffer): Promise<{ anchors: Anchor[]; damaged: boolean }> {
  const text = await readFile(path.join(folder, FILE), 'utf8').catch(() => '');
  const anchors: Anchor[] = [];
  let damaged = false;
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const [time = '', sequence = '', hash = '', signature = ''] = line.split(' ');
    const wanted = Buffer.from(sign(key, `${time} ${sequence} ${hash}`));
    const given = Buffer.from(signature);
    if (wanted.length === given.length && timingSafeEqual(wanted, given)) anchors.push({ sequence: Number(sequence), hash });
    else damaged = true;
  }
  return { anchors, damaged };
}

/**
 * Sets the anchors behind a sequence aside, in a file beside them: a database that was restored to an earlier moment has no chain there. Gives how many.
 */
export async function cutAnchors(folder: string, sequence: number, at: Date): Promise<number> {
  const file = path.join(folder, FILE);
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
  const later = lines.filter((line) => Number(line.split(' ')[1]) > sequence);
  if (later.length === 0) return 0;
  await writeWhole(path.join(folder, `anchors-cut-${at.toISOString().replaceAll(':', '-')}.log`), later);
  await writeWhole(
    file,
    lines.filter((line) => !later.includes(line)),
  );
  return later.length;
}

async function writeWhole(file: string, lines: readonly string[]): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    await handle.writeFile(lines.map((line) => `${line}\n`).join(''));
    await handle.sync();
  } finally {
    await handle.close();
  }
}
